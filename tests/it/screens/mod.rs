//! What the screens look like, as text; what no text, size or theme may do to them.

mod after;
mod cards;
mod columns;
mod deal;
mod hostile;
mod insights;
mod learnt;
mod masked;
mod one_on_one;
mod pages;
mod reviews;
mod sample;
mod themes;
mod week;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;
use walkaway::app::form::{FormFocus, FormKind};
use walkaway::app::model::{FoundExport, Model, Page, Pane, Welcome};
use walkaway::app::preview::Part;
use walkaway::app::screen::derive;
use walkaway::app::toast::{Part as ToastPart, Toast, Tone};
use walkaway::app::walk::WalkNote;
use walkaway::domain::answer::{Answer, Grade, Value};
use walkaway::domain::deal::{
    ClosingNote, Decision, DecisionKind, DecisionRow, Disposition, HoldRow, Status,
};
use walkaway::domain::eval::{DealEval, Due, Recorded};
use walkaway::domain::ids::DealId;
use walkaway::domain::query::Order;
use walkaway::domain::shown::{Level, Mask};
use walkaway::domain::verdict::Verdict;
use walkaway::domain::view::{Group, Heading, View};
use walkaway::ui::{Colors, Glyphs, Styles, Theme, draw};

/// Draws a model in a style.
fn buffer(model: &Model, styles: &Styles) -> Buffer {
    let backend = TestBackend::new(model.size.width, model.size.height);
    let mut terminal = Terminal::new(backend).unwrap();
    let screen = derive(model);
    terminal.draw(|frame| draw(&screen, styles, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// The rows of a buffer as text, without the blanks at their ends.
fn rows(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += (symbol.width() as u16).max(1);
        }
        let kept = text.trim_end_matches(' ').len();
        text.truncate(kept);
        text.push('\n');
    }
    text
}

/// What a model looks like.
fn look(model: &Model) -> String {
    let glyphs = if model.ascii {
        Glyphs::Ascii
    } else {
        Glyphs::Unicode
    };
    rows(&buffer(
        model,
        &Styles::new(Theme::Dark, Colors::True, glyphs),
    ))
}

/// A deal in the detail and the checklist, in place of Northwind.
fn with_detail(width: u16, height: u16, change: impl FnOnce(&mut Model)) -> Model {
    let mut model = sample::cockpit(width, height);
    change(&mut model);
    model
}

#[test]
fn the_cockpit_at_the_documented_sizes() {
    insta::assert_snapshot!("cockpit_80x24", look(&sample::cockpit(80, 24)));
    insta::assert_snapshot!("cockpit_120x36", look(&sample::cockpit(120, 36)));
    insta::assert_snapshot!("cockpit_200x60", look(&sample::cockpit(200, 60)));
    insta::assert_snapshot!("cockpit_60x16", look(&sample::cockpit(60, 16)));
}

#[test]
fn one_sentence_where_there_is_no_room() {
    let sizes = [(59, 16), (60, 15), (20, 5), (1, 1)];
    let looks = sizes.map(|(w, h)| format!("{w}x{h}\n{}", look(&sample::cockpit(w, h))));

    insta::assert_snapshot!("too_small", looks.join("\n"));
}

#[test]
fn the_checklist_beside_the_list() {
    let model = with_detail(80, 24, |model| {
        model.pane = Pane::Checklist;
        model.side = Pane::Checklist;
        model.detail.question = sample::bank().find("FIT2");
    });

    insta::assert_snapshot!("checklist_80x24", look(&model));
}

#[test]
fn a_deal_with_hardly_any_data() {
    let sparse = |width, height| {
        with_detail(width, height, |model| {
            model.list.cursor = 13;
            model.detail.loaded = Some(Box::new(sample::sparse()));
        })
    };

    insta::assert_snapshot!("sparse_80x24", look(&sparse(80, 24)));
    insta::assert_snapshot!("sparse_120x36", look(&sparse(120, 36)));
}

#[test]
fn days_in_sentences_read_as_all_others() {
    let mut model = with_detail(120, 36, |model| {
        let mut detail = sample::northwind();
        detail.tripwires[0].sentence = "I fire it by 2026-12-07.".into();
        model.detail.loaded = Some(Box::new(detail));
    });
    model.toast = Some(Toast {
        tone: Tone::Done,
        parts: vec![ToastPart::Free(
            None,
            "2 deals: on hold, until 2027-11-29".into(),
        )],
        hint: String::new(),
        until: model.at,
    });

    let shown = look(&model);

    assert!(shown.contains("on hold, until 29 Nov 2027"), "{shown}");
    assert!(shown.contains("fire it by 7 Dec."), "{shown}");
    assert!(!shown.contains("2026-"), "{shown}");
}

#[test]
fn the_arithmetic_of_a_verdict() {
    let model = with_detail(120, 36, |model| {
        model.pane = Pane::Detail;
        model.detail.why = true;
    });

    insta::assert_snapshot!("why_120x36", look(&model));
}

#[test]
fn the_arithmetic_counts_what_the_record_answers() {
    let model = with_detail(120, 36, |model| {
        let bank = model.bank.clone().unwrap();
        let question = bank.find("SIL1").unwrap();
        let mut detail = sample::northwind();
        detail.answers.retain(|row| row.question != "SIL1");
        let eval = detail.eval.as_mut().unwrap();
        let answer = Answer::new(Value::Yes, Grade::Record, model.today);
        eval.recorded = vec![Recorded { question, answer }];
        model.detail.loaded = Some(Box::new(detail));
        model.pane = Pane::Detail;
        model.detail.why = true;
    });

    let shown = look(&model);
    let short = "in touch";
    let line = shown
        .lines()
        .find(|line| line.contains(short) && line.contains('+'));
    assert!(line.is_some(), "{shown}");
}

/// The cockpit on a deal that was decided, closed, or fell due.
fn decided(change: impl FnOnce(&mut walkaway::domain::deal::Detail)) -> String {
    let model = with_detail(80, 24, |model| {
        let mut detail = sample::northwind();
        change(&mut detail);
        model.list.rows.get_mut(&2).unwrap().decision = detail.deal.decision;
        model.detail.loaded = Some(Box::new(detail));
    });
    let shown = look(&model);
    let right = shown
        .lines()
        .skip(1)
        .take(14)
        .map(|line| line.chars().skip(35).collect::<String>());
    right.collect::<Vec<_>>().join("\n")
}

/// A firing as the deal keeps it.
fn fired_row() -> DecisionRow {
    DecisionRow {
        id: 1,
        kind: DecisionKind::Fired,
        day: sample::day("2026-11-17"),
        who: "Ana Ruiz".to_owned(),
        authority: None,
        reasons: vec!["asked for the signer: no".to_owned()],
        verdict: Some("fire".to_owned()),
        core_unasked: Some(3),
        disposition: Some(Disposition::WalkedAway),
        whom: None,
        until: None,
        minutes_reclaimed: Some(862),
        formula: None,
        walked_by: None,
        comes_back_if: None,
        note: ClosingNote::default(),
        terms: None,
        why: None,
    }
}

#[test]
fn deals_that_were_decided_or_closed_say_so() {
    let row = fired_row();
    let fired = decided(|detail| {
        detail.deal.decision = Decision::Fired;
        detail.decisions = vec![row.clone()];
    });
    let held = decided(|detail| {
        detail.deal.decision = Decision::Hold;
        detail.holds = vec![HoldRow {
            id: 1,
            what: "send the data sample".into(),
            until: sample::day("2026-12-21"),
            why: None,
            starts: sample::day("2026-11-17"),
            ended: None,
        }];
    });
    let won = decided(|detail| {
        detail.deal.status = Status::Won;
        detail.deal.closed = Some(sample::day("2026-11-20"));
        detail.eval = None;
    });
    let due = decided(|detail| {
        detail.deal.decision = Decision::Continued;
        let kind = DecisionKind::Continued;
        detail.decisions = vec![DecisionRow {
            kind,
            disposition: None,
            ..row.clone()
        }];
        detail.eval.as_mut().unwrap().due = Some(Due::Tripwire);
    });

    insta::assert_snapshot!(
        "decided",
        format!("fired\n{fired}\n\nheld\n{held}\n\nwon\n{won}\n\ndue\n{due}\n")
    );
}

#[test]
fn the_fired_are_a_list_with_who_why_and_what_it_freed() {
    let gone = |width, height| {
        with_detail(width, height, |model| {
            let mut detail = sample::northwind();
            detail.deal.decision = Decision::Fired;
            detail.decisions = vec![DecisionRow {
                disposition: Some(Disposition::Nurture),
                until: Some(sample::day("2027-02-15")),
                ..fired_row()
            }];
            model.detail.loaded = Some(Box::new(detail));
            model.list.query.view = View::Gone;
            model.list.ids.truncate(4);
            model.list.loaded = 0..4;
            model.list.moved.clear();
            model.list.groups = vec![Group {
                heading: Heading::Gone,
                start: 0,
                count: 4,
                hours: None,
            }];
            for row in model.list.rows.values_mut() {
                row.decision = Decision::Fired;
                row.decided = Some(sample::day("2026-11-17"));
                if let Some(eval) = &mut row.eval {
                    eval.due = None;
                }
            }
        })
    };
    insta::assert_snapshot!("gone_80x24", look(&gone(80, 24)));
    insta::assert_snapshot!("gone_120x36", look(&gone(120, 36)));
}

#[test]
fn flat_orders_have_the_verdict_in_words() {
    let model = with_detail(80, 24, |model| {
        model.list.query.order = Order::Amount;
        model.list.groups.clear();
        model.list.marks = [2, 4].into();
        model.list.rows.get_mut(&6).unwrap().decision = Decision::Fired;
        model.list.rows.get_mut(&6).unwrap().decided = Some(sample::day("2026-11-17"));
    });

    insta::assert_snapshot!("flat_80x24", look(&model));
}

#[test]
fn empty_lists_say_what_to_do() {
    let model = |change: fn(&mut Model)| {
        let mut model = sample::empty(80, 24);
        model.facts = sample::cockpit(80, 24).facts;
        change(&mut model);
        look(&model).lines().take(12).collect::<Vec<_>>().join(
            "
",
        )
    };
    let decided = model(|_| ());
    let no_hits = model(|model| model.list.query.text = "acme stage:won".to_owned());
    let loading = model(|model| model.opened = false);

    insta::assert_snapshot!("empty", format!("{decided}\n\n{no_hits}\n\n{loading}\n"));
}

#[test]
fn rows_on_their_way_leave_no_hole() {
    let model = with_detail(80, 24, |model| {
        model.list.rows.retain(|id, _| *id < 12);
        model.detail.loaded = None;
        model.list.partial = true;
    });

    insta::assert_snapshot!("loading_80x24", look(&model));
}

#[test]
fn wide_and_long_names_keep_their_columns() {
    let model = |width, height| {
        with_detail(width, height, |model| {
            let names = [
                (1, "株式会社北風商事グローバルホールディングス"),
                (2, "Åsa Söderström Förvaltnings AB i Norrköping"),
                (3, "👩‍🚒 Feuer & Flamme 🔥"),
                (4, "Ππανεπιστήμιο e\u{301}\u{302}\u{303}"),
                (5, "Supercalifragilisticexpialidocious-Unlimited"),
            ];
            for (id, name) in names {
                model.list.rows.get_mut(&id).unwrap().account = Some(name.into());
            }
            let mut detail = sample::northwind();
            detail.deal.account = Some(names[0].1.into());
            detail.deal.title = "工場展開 🏭 Phase Ⅱ".into();
            detail.deal.contact = Some("山田 太郎".into());
            detail.touches[0].text = Some("折り返し電話なし".into());
            model.detail.loaded = Some(Box::new(detail));
        })
    };

    insta::assert_snapshot!("wide_80x24", look(&model(80, 24)));
    insta::assert_snapshot!("wide_120x36", look(&model(120, 36)));
}

#[test]
fn masked_names_and_amounts_leave_the_layout_still() {
    let masked = |mut model: Model| {
        model.mask = Mask::new(Level::Names, 7).with_open_deal(None);
        look(&model)
    };

    insta::assert_snapshot!("masked_120x36", masked(sample::cockpit(120, 36)));
    insta::assert_snapshot!(
        "masked_walk_80x24",
        masked(pages::walk(80, 24, "PWR1", None))
    );
}

#[test]
fn plain_ascii_is_ascii_to_the_last_cell() {
    let ascii = |mut model: Model| {
        model.ascii = true;
        look(&model)
    };
    let cockpit = ascii(sample::cockpit(120, 36));
    let walk = ascii(pages::walk(80, 24, "PWR1", None));

    assert!(cockpit.is_ascii() && walk.is_ascii());
    insta::assert_snapshot!("ascii_120x36", cockpit);
    insta::assert_snapshot!("ascii_walk_80x24", walk);
}

#[test]
fn questions() {
    let pwr1 = sample::bank().find("PWR1").unwrap();
    insta::assert_snapshot!("walk_80x24", look(&pages::walk(80, 24, "PWR1", None)));
    insta::assert_snapshot!("walk_120x36", look(&pages::walk(120, 36, "PRO1", None)));
    insta::assert_snapshot!("walk_60x16", look(&pages::walk(60, 16, "PRO1", None)));
    let enough = pages::walk(80, 24, "PWR1", Some(WalkNote::EnoughToFire(pwr1)));
    insta::assert_snapshot!("walk_enough_80x24", look(&enough));
    let last = pages::walk(80, 24, "PWR1", Some(WalkNote::Final));
    insta::assert_snapshot!("walk_final_80x24", look(&last));
}

#[test]
fn sheets() {
    let at = |width, height, kind| look(&pages::sheet(width, height, kind, &[2]));
    insta::assert_snapshot!("fire_80x24", at(80, 24, FormKind::Fire));
    insta::assert_snapshot!("fire_120x36", at(120, 36, FormKind::Fire));
    insta::assert_snapshot!("hold_80x24", at(80, 24, FormKind::Hold));
    insta::assert_snapshot!("continue_120x36", at(120, 36, FormKind::Continue));
    insta::assert_snapshot!(
        "continue_error_80x24",
        look(&pages::sheet_with_error(80, 24))
    );
    let many = pages::sheet(80, 24, FormKind::Fire, &[2, 3, 4]);
    insta::assert_snapshot!("fire_many_80x24", look(&many));
    insta::assert_snapshot!("ask_80x24", at(80, 24, FormKind::Ask));
}

#[test]
fn a_field_with_the_keys_is_in_sight_and_has_the_caret() {
    for at in 0..8 {
        let mut model = pages::sheet(80, 24, FormKind::Fire, &[2]);
        let form = pages::form(&mut model);
        let Some(field) = form.fields.get(at).filter(|field| !field.hidden) else {
            continue;
        };
        let label = field.label.clone();
        form.focus = FormFocus::Field(at);

        assert!(look(&model).contains(&label), "{label}\n{}", look(&model));
    }
}

#[test]
fn what_lies_over_a_page() {
    insta::assert_snapshot!("palette_80x24", look(&pages::palette(80, 24)));
    insta::assert_snapshot!("menu_120x36", look(&pages::menu(120, 36)));
    insta::assert_snapshot!("prompt_80x24", look(&pages::prompt(80, 24)));
    insta::assert_snapshot!("help_80x24", look(&pages::help(80, 24)));
}

#[test]
fn the_journal() {
    insta::assert_snapshot!("journal_80x24", look(&pages::journal(80, 24, false)));
    insta::assert_snapshot!(
        "journal_opened_120x36",
        look(&pages::journal(120, 36, true))
    );
}

#[test]
fn an_import() {
    let at = |part, running| look(&pages::preview(80, 24, part, running));
    insta::assert_snapshot!("preview_rows_80x24", at(Part::Rows, false));
    insta::assert_snapshot!("preview_problems_80x24", at(Part::Problems, false));
    insta::assert_snapshot!("preview_columns_80x24", at(Part::Columns, false));
    insta::assert_snapshot!("preview_assumed_80x24", at(Part::Assumed, false));
    for (width, height) in [(120, 36), (200, 60)] {
        let model = pages::preview(width, height, Part::Rows, false);
        insta::assert_snapshot!(format!("preview_rows_{width}x{height}"), look(&model));
    }
    insta::assert_snapshot!("preview_touches_80x24", look(&pages::touches(80, 24)));
    insta::assert_snapshot!("preview_pictures_80x24", look(&pages::pictures(80, 24)));
    insta::assert_snapshot!("preview_meaning_80x24", look(&pages::meaning(80, 24)));
    insta::assert_snapshot!("import_running_80x24", at(Part::Rows, true));
    insta::assert_snapshot!("import_ending_80x24", look(&pages::import_ending(80, 24)));
}

#[test]
fn a_newer_export_is_offered_in_one_quiet_line() {
    let offered = |width, height| {
        let mut model = sample::cockpit(width, height);
        model.export = Some(FoundExport {
            paths: vec!["deals.csv".to_owned()],
            file: "export-deals.csv".to_owned(),
            kind: "HubSpot".to_owned(),
            at: model.at - chrono::TimeDelta::minutes(12),
            is_newer: true,
        });
        look(&model)
    };
    insta::assert_snapshot!("offer_80x24", offered(80, 24));
    insta::assert_snapshot!("offer_120x36", offered(120, 36));
}

#[test]
fn the_first_screen() {
    let welcome = |width, height, found: bool| {
        let mut model = sample::empty(width, height);
        model.pages = vec![Page::Welcome(Welcome::default())];
        model.export = found.then(|| FoundExport {
            paths: vec!["/home/ana/Downloads/deals.csv".to_owned()],
            file: "deals-2026-11-22.csv".to_owned(),
            kind: "HubSpot".to_owned(),
            at: model.at - chrono::TimeDelta::minutes(12),
            is_newer: true,
        });
        look(&model)
    };

    insta::assert_snapshot!("welcome_80x24", welcome(80, 24, true));
    insta::assert_snapshot!("welcome_120x36", welcome(120, 36, false));
    insta::assert_snapshot!("welcome_60x16", welcome(60, 16, false));
}

#[test]
fn what_happened_stands_above_the_keys_or_in_their_place() {
    let toast = |width, height, tone| {
        let model = with_detail(width, height, |model| {
            model.toast = Some(Toast {
                tone,
                parts: vec![
                    ToastPart::Words("Fired ".to_owned()),
                    ToastPart::Name(DealId(2), "Northwind".into()),
                    ToastPart::Words(" · 14 h back, an estimate".to_owned()),
                ],
                hint: "u undoes".to_owned(),
                until: model.at,
            });
        });
        let shown = look(&model);
        shown
            .lines()
            .rev()
            .take(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };

    let small = toast(80, 24, Tone::Done);
    assert_eq!(
        small[0],
        " Fired Northwind · 14 h back, an estimate · u undoes"
    );
    let large = toast(120, 36, Tone::Failed);
    assert_eq!(
        large[1],
        " ! Fired Northwind · 14 h back, an estimate · u undoes"
    );
    assert!(large[0].starts_with(" ⏎ questions"), "{}", large[0]);
}

#[test]
fn a_started_sequence_shows_what_may_follow() {
    let model = with_detail(80, 24, |model| {
        model.pending = vec![walkaway::app::chord::Chord::char('g')];
    });

    let shown = look(&model);
    let last = shown.lines().last().unwrap();
    assert!(last.starts_with(" g then  "), "{last}");
    assert!(
        last.contains("c cockpit") && last.contains("j journal"),
        "{last}"
    );
}

#[test]
fn the_window_title_obeys_the_mask() {
    let mut model = pages::walk(80, 24, "PWR1", None);
    assert_eq!(derive(&model).window_title, "Northwind · walkaway");

    model.mask = Mask::new(Level::Names, 7);

    let title = derive(&model).window_title;
    assert!(
        title.starts_with("Deal ") && !title.contains("Northwind"),
        "{title}"
    );
}

#[test]
fn a_continued_deal_has_its_reason_beside_the_verdict() {
    let model = with_detail(120, 36, |model| {
        let mut detail = sample::northwind();
        let eval = detail.eval.take().unwrap();
        detail.eval = Some(DealEval {
            verdict: Some(Verdict::Continue),
            earned: 2.1,
            coverage: 83.0,
            reasons: Vec::new(),
            signals: Vec::new(),
            ask: None,
            is_final: true,
            ..eval
        });
        detail.deal.next_step = Some("offer to Kim".into());
        detail.deal.next_step_due = Some(sample::day("2026-11-26"));
        model.detail.loaded = Some(Box::new(detail));
    });

    let shown = look(&model);
    for words in [
        "✓ CONTINUE  earned 2.1, 83 of 100 known",
        "next step   offer to Kim · Thu",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}
