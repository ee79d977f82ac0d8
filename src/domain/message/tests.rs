use super::*;

fn all() -> MessageFacts<'static> {
    MessageFacts {
        contact: Some("Tom Reed"),
        account: Some("Northwind"),
        deal: Some("Plant rollout"),
        me: Some("Ana Ruiz"),
        whom: Some("Contoso"),
        until: Some("2027-03-01".parse().unwrap()),
        work: Some(Work::Known(JointWork::Workshop)),
        promised: Some("the data sample"),
    }
}

fn every() -> impl Iterator<Item = (String, MessageKind)> {
    let messages = Messages::default();
    let codes: Vec<String> = messages.languages().map(|l| l.code().to_owned()).collect();
    codes
        .into_iter()
        .flat_map(|code| MessageKind::ALL.map(|kind| (code.clone(), kind)))
}

#[test]
fn a_farewell_carries_the_facts_of_its_deal() {
    let message = Messages::default().write(MessageKind::WalkAway, "en", &all());

    assert_eq!(message.subject, "Plant rollout: stepping back on our side");
    assert!(
        message
            .body
            .starts_with("Dear Tom,\n\nthank you for the time")
    );
    assert!(message.body.contains("and for the workshop."));
    assert!(message.body.ends_with("everyone at Northwind,\nAna Ruiz"));
    assert_eq!(message.blanks, []);
}

#[test]
fn every_message_is_short_and_leaves_no_template_behind() {
    let messages = Messages::default();
    for (code, kind) in every() {
        for facts in [all(), MessageFacts::default()] {
            let message = messages.write(kind, &code, &facts);
            let words = message.body.split_whitespace().count();
            let about = format!("{code} {}", kind.code());

            assert!((20..120).contains(&words), "{about}: {words} words");
            assert!(message.subject.chars().count() <= 70, "{about}");
            let text = format!("{}{}{}", message.subject, message.body, message.phone);
            assert!(
                !text.contains("{{") && !text.contains("{%"),
                "{about}: {text}"
            );
            assert!(!text.contains("  "), "{about}: {text}");
        }
    }
}

#[test]
fn two_sentences_are_to_be_said() {
    let messages = Messages::default();
    for (code, kind) in every() {
        let said = messages.write(kind, &code, &all()).phone;
        let ends = |at: usize, end: char| {
            let is_date = said[..at].ends_with(|c: char| c.is_ascii_digit()) && end == '.';
            matches!(end, '.' | '?') && !is_date
        };
        let sentences = said.char_indices().filter(|(at, c)| ends(*at, *c)).count();

        assert_eq!(sentences, 2, "{code} {}: {said}", kind.code());
    }
}

#[test]
fn a_missing_fact_is_a_blank_that_is_named() {
    let facts = MessageFacts {
        contact: None,
        whom: None,
        ..all()
    };

    let message = Messages::default().write(MessageKind::Regift, "en", &facts);

    assert!(message.body.starts_with("Dear [first name],"));
    assert!(message.phone.contains("[who is the better choice]"));
    assert_eq!(message.blanks, [Fact::FirstName, Fact::Whom]);
}

#[test]
fn a_fact_that_only_adds_is_left_out_without_a_blank() {
    let facts = MessageFacts {
        work: None,
        promised: None,
        ..all()
    };

    let message = Messages::default().write(MessageKind::CloseFile, "en", &facts);

    assert!(
        message
            .body
            .contains("I have not heard from you for a while. I take it")
    );
    assert_eq!(message.blanks, []);
}

#[test]
fn a_day_is_written_in_the_language_of_the_message() {
    let until = |code: &str| {
        Messages::default()
            .write(MessageKind::Nurture, code, &all())
            .phone
    };

    assert!(until("en").contains("around 1 March 2027"));
    assert!(until("de_AT.UTF-8").contains("Um den 1. März 2027 herum"));
    assert_eq!(until("xx"), until("en"), "an unknown language is English");
}

#[test]
fn text_of_a_crm_is_never_read_as_a_template() {
    let facts = MessageFacts {
        deal: Some("{{ me }} {% include 'x' %} <b>"),
        ..all()
    };

    let message = Messages::default().write(MessageKind::WalkAway, "en", &facts);

    assert!(
        message
            .body
            .contains("closing {{ me }} {% include 'x' %} <b> on our side")
    );
}

#[test]
fn people_are_addressed_by_their_first_name() {
    let first = |name: &str| first_name(name);

    assert_eq!(first("Tom Reed").as_deref(), Some("Tom"));
    assert_eq!(first("Reed, Tom").as_deref(), Some("Tom"));
    assert_eq!(first("Dr. Ines Vogel").as_deref(), Some("Ines"));
    assert_eq!(first("李雷").as_deref(), Some("李雷"));
    assert_eq!(first("tom@northwind.example"), None);
    assert_eq!(first(" , "), None);
    assert_eq!(first("Mr."), None);
}

#[test]
fn the_farewell_follows_from_where_they_go() {
    let kind = MessageKind::farewell;

    assert_eq!(kind(Disposition::WalkedAway, false), MessageKind::WalkAway);
    assert_eq!(kind(Disposition::WalkedAway, true), MessageKind::CloseFile);
    assert_eq!(kind(Disposition::Regift, true), MessageKind::Regift);
    assert_eq!(kind(Disposition::Nurture, true), MessageKind::Nurture);
}

#[test]
fn a_team_changes_one_message_and_keeps_the_others() {
    let mut messages = Messages::default();
    let own = "language = \"en\"\n[opener]\nsubject = \"Hello {{ account }}\"\n\
               body = \"We may both say no.\"\nphone = \"We may both say no.\"\n";

    messages.add("ours.toml", own).unwrap();

    let opener = messages.write(MessageKind::Opener, "en", &all());
    assert_eq!(opener.subject, "Hello Northwind");
    let farewell = messages.write(MessageKind::WalkAway, "en", &all());
    assert_eq!(
        farewell,
        Messages::default().write(MessageKind::WalkAway, "en", &all())
    );
}

#[test]
fn a_new_language_falls_back_to_english_where_it_is_silent() {
    let mut messages = Messages::default();
    let own = "language = \"es\"\nname = \"Español\"\n[blanks]\nfirst_name = \"[nombre]\"\n";

    messages.add("es.toml", own).unwrap();

    let facts = MessageFacts {
        contact: None,
        ..all()
    };
    let message = messages.write(MessageKind::WalkAway, "es_MX", &facts);
    assert!(message.body.starts_with("Dear [nombre],"));
    assert_eq!(messages.language("es").name(), "Español");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let told = |text: &str| {
        let mistake = Messages::default().add("ours.toml", text).unwrap_err();
        mistake.to_string()
    };
    let template = |body: &str| {
        format!(
            "language = \"en\"\n\n[opener]\nsubject = \"a\"\nbody = \"{body}\"\nphone = \"b\"\n"
        )
    };

    assert!(told("language = en").starts_with("ours.toml, line 1, column 12: "));
    let unknown = told(&template("Dear {{ surname }}"));
    assert_eq!(
        unknown,
        "ours.toml, line 5, column 17: There is no fact called `surname`. There are: first_name, \
         account, deal, me, whom, until, work, promised."
    );
    assert!(told(&template("{% if %}")).contains("line 5"));
    let blank = told("language = \"en\"\n[blanks]\nsurname = \"x\"\n");
    assert!(
        blank.starts_with("ours.toml, line 3, column 1: There is no fact"),
        "{blank}"
    );
    assert!(told("language = \"../en\"\n").contains("no code of a language"));
    let spin = told(&template("Dear {% for i in range(9999) %}x{% endfor %}"));
    assert!(
        spin.starts_with("ours.toml, line 5, column 17: A message knows no `for`. It may have"),
        "{spin}"
    );
    let coded = told(&template("a\\n{{ surname }}"));
    assert!(coded.contains("line 6, column 1: There is no"), "{coded}");
    assert!(told(&"#".repeat(300_000)).contains("is it the right one"));
}

#[test]
fn a_mistake_in_a_text_of_several_lines_is_told_at_its_line() {
    let text = "language = \"en\"\n[opener]\nsubject = \"a\"\nbody = \"\"\"\nDear {{ me }},\n\n\
                hello {{ surname }}\n\"\"\"\nphone = \"b\"\n";
    let mistake = Messages::default().add("ours.toml", text).unwrap_err();
    assert_eq!(mistake.place, Some((7, 10)));

    let text = text.replace("{{ surname }}", "{{ me | nothing }}");
    let mistake = Messages::default().add("ours.toml", &text).unwrap_err();
    assert_eq!(mistake.place, Some((7, 15)), "{mistake}");
}

#[test]
fn a_team_can_prefer_another_language() {
    let mut messages = Messages::default();

    assert!(messages.prefer("de_CH"));
    assert!(!messages.prefer("xx"));

    assert_eq!(messages.preferred(), "de");
    assert_eq!(messages.language("xx").code(), "de");
}

/// The mistake of an opener whose body is this.
fn refused(body: &str) -> String {
    let text = format!(
        "language = \"en\"\n[opener]\nsubject = \"a\"\nbody = '''{body}'''\nphone = \"b\"\n"
    );
    let mut messages = Messages::default();
    let told = messages.add("ours.toml", &text).err();
    told.map_or(String::new(), |mistake| mistake.to_string())
}

#[test]
fn a_template_is_judged_by_what_the_engine_reads() {
    for (template, what) in [
        ("{{ deal | indent(99999999999) }}", "`indent`"),
        ("{{ deal | replace('', deal) }}", "`replace`"),
        ("{{ '%99999999999s' | format(deal) }}", "`format`"),
        ("{{ deal | trim | tojson }}", "`tojson`"),
        ("{{ 'x' * 99999999 }}", "`*`"),
        ("{{ deal ~ deal }}", "`~`"),
        ("{{ 9 ** 9 }}", "`**`"),
        ("{{ -1 }}", "`-`"),
        ("{{ '%}' if work else 'x' * 9 }}", "`*`"),
        ("{% set deal = deal ~ deal %}{{ deal }}", "`set`"),
        ("{%-\nset deal = 1 %}", "`set`"),
        ("{% set deal %}x{% endset %}", "`set`"),
        ("{% if '%}' %}{% set deal = 1 %}{% endif %}", "`set`"),
        ("{# {{ #}{% for i in range(9) %}x{% endfor %}", "`for`"),
        (
            "{% raw %}{{{% endraw %}{% with a = 1 %}{% endwith %}",
            "`with`",
        ),
        ("{% filter upper %}x{% endfilter %}", "`filter`"),
        ("{% autoescape true %}x{% endautoescape %}", "`autoescape`"),
        ("{% do range(9) %}", "`do`"),
        ("{{ range(9) }}", "`()`"),
        ("{{ deal.x }}", "`.`"),
        ("{{ deal[0] }}", "`[]`"),
        ("{{ deal[0:9] }}", "`[]`"),
        ("{{ [deal] }}", "`[]`"),
        ("{{ {'a': deal} }}", "`{}`"),
        ("{{ (deal, deal) }}", "`,`"),
        ("{{ deal is defined }}", "`is`"),
        ("{{ deal | default(*deal) }}", "`*`"),
        ("{{ deal | default(a=range(9)) }}", "`()`"),
        ("{% if range(9) %}{% endif %}", "`()`"),
        ("{% if work %}{% elif x %}{% endif %}", "no fact called `x`"),
        ("{% include 'x' %}", "cannot be read"),
        ("{% macro m() %}{% endmacro %}", "cannot be read"),
        ("{{ loop }}", "no fact called `loop`"),
    ] {
        let told = refused(template);
        assert!(told.contains(what), "{template}: {told}");
        assert!(told.starts_with("ours.toml, line "), "{template}: {told}");
        let helps = told.contains("It may have facts") || told.contains("There are: first_name");
        assert!(helps, "{template}: {told}");
    }
}

#[test]
fn facts_conditions_and_short_filters_are_all_that_a_message_needs() {
    for template in [
        "Dear {{ first_name | title | default('Sir', true) }},",
        "{% if work and not promised %}a{% elif until == '' or deal != me %}b{% else %}c{% endif %}",
        "{{ work if work else 'our talks' }}{# a remark with {{ range(9) }} #}",
        "{% raw %}{{ range(9) }} {% set a = 1 %}{% endraw %} 5 * 3 {%- if 'x' in deal %}y{% endif %}",
        "{{ '*' }} {{ '{% set %}' }}",
    ] {
        assert_eq!(refused(template), "", "{template}");
    }
}

/// The engine calls itself for each part of a long condition, and would end the program.
#[test]
fn a_template_of_endless_conditions_is_refused_and_does_not_end_the_program() {
    for template in [
        format!(
            "{{% if me %}}{}{{% endif %}}",
            "{% elif me %}".repeat(15_000)
        ),
        format!("{{{{ me{} }}}}", " or me".repeat(30_000)),
        format!("{{{{ {}me }}}}", "not ".repeat(50_000)),
        format!("{{{{ me{} }}}}", "|trim".repeat(40_000)),
        format!("{{{{ {}me{} }}}}", "(".repeat(60_000), ")".repeat(60_000)),
        format!(
            "{}{}",
            "{% if me %}".repeat(9_000),
            "{% endif %}".repeat(9_000)
        ),
    ] {
        let told = refused(&template);
        assert!(
            told.contains("at most 50 words between two braces"),
            "{told}"
        );
    }
    // As much as is allowed, on half of what a thread gets.
    for most in [
        format!("{{{{ {}me }}}}", "not ".repeat(47)),
        format!("{{{{ me{} }}}}", "|trim".repeat(23)),
        format!("{{% if me %}}{}{{% endif %}}", "{% elif me %}".repeat(123)),
        format!("{}{}", "{% if me %}".repeat(70), "{% endif %}".repeat(70)),
    ] {
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        let told = thread
            .spawn(move || refused(&most))
            .unwrap()
            .join()
            .unwrap();
        assert_eq!(told, "");
    }
}
