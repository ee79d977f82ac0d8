//! The commands as people and scripts meet them: output, errors and exit codes together.

use insta::assert_snapshot;
use serde_json::json;

use super::support::bench::{Bench, DEALS, permissions_bind};

#[test]
fn an_import_says_what_it_read_and_what_takes_it_back() {
    let bench = Bench::new();
    bench.write("deals.csv", DEALS);

    assert_snapshot!(bench.run(&["import", "deals.csv"]), @r###"
    deals.csv: its columns are those of deals of HubSpot
    4 rows: 4 are new, 0 updated, 0 same, 0 in conflict, 0 skipped, 0 refused
    Columns
      Record ID is external_id  id, as text
      Deal Name is title  text
      Associated Company is account  text
      Deal owner is owner  text
      Deal Stage is stage  text
      Amount is amount  amount, decimal point
      Currency is currency  text
      Close Date is close_date  date that names its parts
      Create Date is created  date that names its parts
      Last Activity Date is last_activity  date that names its parts
      Next step is next_step  free text
    Assumed
      Deal Stage: there is no status: `Closed Won` is won, the rest open, such as `Closed Won`
    `walkaway undo 1` takes it back
    ana is Ana Ruiz in the record, its only owner; `walkaway me NAME` corrects it
    --- exit 0
    "###);
}

#[test]
fn the_same_import_again_changes_nothing() {
    let bench = Bench::with_deals();

    let again = bench.run(&["import", "deals.csv", "--json"]).json();

    assert_eq!(again["action"], json!(null));
    assert_eq!((&again["rows"], &again["same"]), (&json!(4), &json!(4)));
}

#[test]
fn a_later_export_updates_what_moved_there_and_not_here() {
    let bench = Bench::with_deals();
    bench.run(&["edit", "1", "stage=Verbal yes"]).ok();
    bench.write(
        "later.csv",
        &DEALS.replace(",Proposal,48000,", ",Negotiation,45000,"),
    );

    assert_snapshot!(bench.run(&["import", "later.csv"]), @r###"
    later.csv: its columns are those of deals of HubSpot
    4 rows: 0 are new, 0 updated, 3 same, 1 in conflict, 0 skipped, 0 refused
    Columns
      Record ID is external_id  id, as text
      Deal Name is title  text
      Associated Company is account  text
      Deal owner is owner  text
      Deal Stage is stage  text
      Amount is amount  amount, decimal point
      Currency is currency  text
      Close Date is close_date  date that names its parts
      Create Date is created  date that names its parts
      Last Activity Date is last_activity  date that names its parts
      Next step is next_step  free text
    Assumed
      Deal Stage: there is no status: `Closed Won` is won, the rest open, such as `Closed Won`
    In conflict 1: ours stays; `--take file` takes theirs
      deal 1 stage: ours Verbal yes, theirs Negotiation
    `walkaway undo 4` takes it back
    --- exit 0
    "###);
    let deal = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(
        (&deal["stage"], &deal["amount"]["minor"]),
        (&json!("Verbal yes"), &json!(4_500_000))
    );

    bench.run(&["import", "later.csv", "--take", "file"]).ok();
    assert_eq!(
        bench.run(&["show", "1", "--json"]).json()["stage"],
        json!("Negotiation")
    );
}

#[test]
fn a_dry_run_makes_no_pipeline() {
    let bench = Bench::new();
    bench.write("deals.csv", DEALS);

    let report = bench
        .run(&["import", "deals.csv", "--dry-run", "--json"])
        .json();

    assert_eq!(
        (&report["new"], &report["action"]),
        (&json!(4), &json!(null))
    );
    assert!(!bench.path("pipeline.db").exists());
}

#[test]
fn rows_that_cannot_be_read_are_named_and_fail_only_when_strict() {
    let bench = Bench::new();
    bench.write(
        "deals.csv",
        &DEALS.replace("26000,EUR", "about a million,EUR"),
    );

    let strict = bench.run(&["import", "deals.csv", "--strict"]);
    assert_eq!(strict.code, 1);
    assert!(
        strict
            .err
            .contains("1 row cannot be read, and nothing was imported")
    );
    assert!(!bench.path("pipeline.db").exists());

    let report = bench.run(&["import", "deals.csv", "--json"]).json();
    assert_eq!(
        (&report["new"], &report["refused_rows"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(report["refused"][0]["column"], json!("Amount"));
    assert_eq!(report["refused"][0]["row"], json!(3));
}

#[test]
fn a_text_that_is_too_long_is_cut_and_named_by_row_and_column() {
    let bench = Bench::new();
    let long = "word ".repeat(300_000);
    let file = format!(
        "Record ID,Deal Name,Deal Stage,Deal Description\n1,First,Demo,a\n2,Second,Demo,{long}\n"
    );
    bench.write("deals.csv", &file);

    let report = bench.run(&["import", "deals.csv", "--json"]).json();

    assert_eq!(report["new"], json!(2));
    let assumptions = report["assumptions"].as_array().unwrap();
    let cut = json!({
        "column": "Deal Description", "reading": "too long, and cut, in row 2", "example": null,
    });
    assert!(assumptions.contains(&cut), "{assumptions:?}");
}

#[test]
fn options_of_an_import_that_mean_nothing_are_wrong_usage() {
    let bench = Bench::new();
    bench.write("deals.csv", DEALS);

    assert_snapshot!(bench.run(&["import", "deals.csv", "--map", "Amount=amont"]), @r###"
    --- error
    error: `amont` is no field
    hint: Write `COLUMN=FIELD`; the fields are: external_id, url, id, source, portal, title, account, account_id, contact, contact_id, party_type, owner, owner_id, amount, amount_minor, line_amount, amount_text, amount_period, currency, stage, pipeline, status, is_won, is_lost, is_closed, is_event, deleted, archived, merged, active, probability, created, expected_close, closed, close_date, won_time, lost_time, lost_reason, last_activity, updated, stage_changed, as_of, next_step, next_step_date, lead_source, product, notes, type, first_name, last_name, email, deal_id, deal_name, parent_type, activity_id, subject, category, outcome, direction, incoming, from, to, at, end, due, due_time, completed, minutes, hours, seconds, milliseconds, talk_time, duration, document, field_name, old_value, new_value, old_stage, stage_entered, role, job_title, ignore.
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["import", "none.csv"]), @r###"
    --- error
    error: `none.csv` was not found
    hint: Look at the spelling and at the folder you are in.
    --- exit 1
    "###);
    std::fs::remove_file(bench.path("deals.csv")).unwrap();
    assert_snapshot!(bench.run(&["import"]), @r###"
    --- error
    error: there is no export of a known CRM where files are downloaded to
      because none is in `PLACE/home/Downloads`, `PLACE/home/Desktop`, `PLACE/home`, `.`
    hint: name the file: walkaway import FILE
    --- exit 1
    "###);
}

#[test]
fn a_list_is_aligned_and_fits_its_width() {
    let bench = Bench::with_deals();

    assert_snapshot!(bench.run(&["list"]), @r###"
    id  account                   title                amount  stage        verdict    weakest or ask  silent
     1  Northwind                 Plant rollout     48000 EUR  Proposal     GET TO NO  ask: problem
     3  Graphic Design Institute  Seats             26000 EUR  Negotiation  GET TO NO  ask: problem
     2  Contoso                   Press line 2   95000.50 EUR  Discovery    GET TO NO  ask: problem
     4  Bellows College           Licences          12500 EUR  Closed Won   won
    --- exit 0
    "###);
    let narrow = bench
        .command(&["list"])
        .env("COLUMNS", "72")
        .output()
        .unwrap();
    assert_snapshot!(String::from_utf8(narrow.stdout).unwrap(), @r###"
    id  account   title           amount  stage   verdict    weakest…  silent
     1  Northwi…  Plant r…     48000 EUR  Propo…  GET TO NO  ask: pr…
     3  Graphic…  Seats        26000 EUR  Negot…  GET TO NO  ask: pr…
     2  Contoso   Press l…  95000.50 EUR  Disco…  GET TO NO  ask: pr…
     4  Bellows…  Licences     12500 EUR  Close…  won
    "###);
}

#[test]
fn a_deal_in_json_has_the_members_of_the_contract() {
    let bench = Bench::with_deals();

    let list = bench.run(&["list", "--filter", "northwind", "--json"]);

    assert_snapshot!(list, @r###"
    [{"schema":1,"id":1,"account":"Northwind","title":"Plant rollout","owner":"Ana Ruiz","stage":"Proposal","phase":"proposal","amount":{"minor":4800000,"currency":"EUR"},"status":"open","decision":"undecided","verdict":"get_to_no","reasons":["earn PRB1","earn PWR1","earn PRO1","points -7.5","coverage 0.0"],"evidence":0.0,"earned":-7.5,"fit":{"lo":0.0,"hi":100.0},"they_fit_us":{"lo":0.0,"hi":100.0},"we_fit_them":{"lo":0.0,"hi":100.0},"coverage":0.0,"chance":null,"weakest":{"question":"PRB1","text":"problem","answer":"not_asked","grade":null,"age_days":null},"final":false,"musts":{"problem":"open","signer":"open","date":"open"},"ask":{"question":"PRB1","text":"problem"},"next_step":{"what":"call Kim","due":null},"due":null,"sweep":null,"signals":[],"last_inbound":null,"expected_close":"2027-01-29","hours":{"spent":0.0,"per_week":0.1,"at_stake":0.96,"assumed":true},"external":{"source":"hubspot","id":"8001"}}]
    --- exit 0
    "###);
}

#[test]
fn an_empty_list_is_no_failure() {
    let bench = Bench::with_deals();

    assert_snapshot!(bench.run(&["list", "--filter", "nobody", "--json"]), @r###"
    []
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["list", "--filter", "nobody"]), @r###"
    --- exit 0
    "###);
}

#[test]
fn filters_and_views_narrow_a_list() {
    let bench = Bench::with_deals();
    bench
        .run(&[
            "view",
            "save",
            "big",
            "--filter",
            "amount>40k",
            "--order",
            "amount",
        ])
        .ok();

    let ids = |args: &[&str]| -> Vec<i64> {
        let list = bench.run(args).json();
        list.as_array()
            .unwrap()
            .iter()
            .map(|d| d["id"].as_i64().unwrap())
            .collect()
    };

    assert_eq!(ids(&["list", "--json", "--view", "big"]), [2, 1]);
    assert_eq!(
        ids(&["list", "--json", "--filter", "owner:me -contoso"]).len(),
        3
    );
    assert_eq!(ids(&["list", "--json", "--view", "closed"]), [4]);
    assert_snapshot!(bench.run(&["list", "--filter", "amont>5"]), @r###"
    --- error
    error: no field is called `amont` at column 1 of the filter
      amont>5
      ^
    hint: did you mean `amount`?
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["list", "--view", "huge"]), @r###"
    --- error
    error: no view is called `huge`
    hint: there are: to-decide, open, due, came-back, dark, bad-money, dreaded, continued, on-hold, gone, nurture, no-senior-at-start, unasked-core, dead-on-paper, closed, all, big
    --- exit 1
    "###);
}

#[test]
fn a_mask_hides_names_amounts_and_text_everywhere() {
    let bench = Bench::with_deals();
    bench
        .run(&["note", "1", "They offered 41,000 at Northwind"])
        .ok();
    bench
        .run(&["answer", "1", "PRB1", "2", "Kim said it costs 9000 a week"])
        .ok();

    for args in [
        &["list", "--mask", "2"][..],
        &["list", "--mask", "2", "--json"],
        &["show", "1", "--mask", "2"],
        &["show", "1", "--mask", "2", "--json"],
        &["journal", "--mask", "2"],
        &["export", "--mask", "2"],
        &["export", "--mask", "2", "--format", "json"],
    ] {
        let shown = bench.run(args).ok();
        for hidden in [
            "Northwind",
            "Plant rollout",
            "48000",
            "4800000",
            "41,000",
            "9000",
            "Kim",
        ] {
            assert!(!shown.contains(hidden), "{args:?} shows {hidden}:\n{shown}");
        }
    }
    let amounts = bench.run(&["show", "1", "--mask", "1"]).ok();
    assert!(
        amounts.contains("Northwind") && !amounts.contains("48000"),
        "{amounts}"
    );
    assert!(!amounts.contains("41,000"), "{amounts}");
    let telling = bench.run(&["list", "--mask", "1", "--order", "amount"]);
    assert_eq!(telling.code, 2, "{telling}");
}

#[test]
fn a_deal_is_shown_with_all_that_is_known_of_it() {
    let bench = Bench::with_deals();
    bench
        .run(&["answer", "northwind", "PWR1", "n", "asked twice"])
        .ok();
    bench
        .run(&["note", "northwind", "workshop\nwent well"])
        .ok();
    bench.run(&["ask", "northwind", "PRO1", "Kim", "fri"]).ok();
    bench
        .run(&["hold", "northwind", "what=the signer meets us"])
        .ok();

    assert_snapshot!(bench.run(&["show", "northwind"]), @r###"
    1  Northwind · Plant rollout
    amount      48000 EUR
    stage       Proposal (proposal)
    owner       Ana Ruiz
    closes      2027-01-29
    next step   call Kim
    verdict     on hold
    hours       0.00 spent

    Answers
    PWR1        signer: no, shown, 2026-11-23 · asked twice

    Decisions
    2026-11-23  hold by ana
    on hold     until 2026-12-21: the signer meets us

    Asks
    2026-11-27  open · Which day is fixed for you, and what has to be decided before it, by whom?

    Notes
    2026-11-23  workshop
                went well

    Journal
    2026-11-23  6  On hold: Northwind, until 2026-12-21, by ana
    2026-11-23  5  Northwind: will ask date by 2026-11-27, by ana
    2026-11-23  4  Noted on Northwind, by ana
    2026-11-23  3  Northwind: signer no, asked, by ana
    2026-11-23  1  Imported deals.csv: 4 new, 0 updated, by ana
    --- exit 0
    "###);
    let shown = bench.run(&["show", "northwind", "--json"]).json();
    for (member, count) in [
        ("answers", 1),
        ("notes", 1),
        ("contacts", 0),
        ("touches", 0),
        ("commitments", 0),
        ("concessions", 0),
        ("decisions", 1),
        ("holds", 1),
        ("outcomes", 0),
        ("tripwires", 0),
        ("asks", 1),
        ("moves", 0),
        ("journal", 5),
    ] {
        assert_eq!(
            shown[member].as_array().map(Vec::len),
            Some(count),
            "{member}"
        );
    }
}

#[test]
fn a_deal_is_named_by_number_source_or_words_that_find_it_alone() {
    let bench = Bench::with_deals();
    bench
        .run(&["add", "account=Northwind", "title=Spare parts"])
        .ok();

    for name in ["2", "hubspot:8002", "contoso", "Press line"] {
        assert_eq!(
            bench.run(&["show", name, "--json"]).json()["id"],
            json!(2),
            "{name}"
        );
    }
    assert_snapshot!(bench.run(&["show", "northwind"]), @r###"
    --- error
    error: several deals are called `northwind`
      1  Northwind · Plant rollout
      5  Northwind · Spare parts
    hint: name it by its number
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["show", "nobody"]), @r###"
    --- error
    error: no deal is called `nobody`
    hint: `walkaway list` shows the deals with their numbers
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["fire", "northwind", "--json"]), @r###"
    --- error
    {"schema":1,"error":{"what":"several deals are called `northwind`","why":"1  Northwind · Plant rollout; 5  Northwind · Spare parts","hint":"name it by its number","file":null,"line":null,"column":null}}
    --- exit 1
    "###);
}

#[test]
fn a_deal_is_added_and_edited_by_hand() {
    let bench = Bench::new();

    let added = bench.run(&[
        "add",
        "account=Wingtip",
        "amount=39.5k EUR",
        "close=+3w",
        "--json",
    ]);
    let added = added.json();
    assert_eq!(added["action"]["what"], json!("Added Wingtip"));
    let deal = &added["deals"][0];
    assert_eq!(
        deal["amount"],
        json!({"minor": 3_950_000, "currency": "EUR"})
    );
    assert_eq!(
        (&deal["expected_close"], &deal["external"]),
        (&json!("2026-12-14"), &json!(null))
    );

    let edited = bench.run(&["edit", "wingtip", "amount=40000", "title=", "--json"]);
    assert_eq!(edited.code, 1, "{edited}");
    let edited = bench
        .run(&["edit", "wingtip", "amount=40000", "next=call", "--json"])
        .json();
    assert_eq!(
        edited["deals"][0]["amount"],
        json!({"minor": 4_000_000, "currency": "EUR"})
    );
    assert_snapshot!(bench.run(&["add", "acount=x"]), @r###"
    --- error
    error: no field is called `acount`
    hint: did you mean `account`?
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["edit", "1", "amount=much"]), @r###"
    --- error
    error: amount: `much`: this is no amount; write it as 48000, 50k or 48000.50 EUR
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["edit", "1", "phase=late"]), @r###"
    --- error
    error: no phase is called `late`
    hint: there are: early, middle, proposal, negotiation, won, lost
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["edit", "1", "Northwind"]), @r###"
    --- error
    error: `Northwind` is no FIELD=VALUE
    hint: put quotes around a value with blanks: title="Plant rollout"
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["add", "stage=New"]), @r###"
    --- error
    error: a deal needs an account or a title
    hint: give one of them: account=NAME
    --- exit 1
    "###);
}

#[test]
fn answers_take_the_keys_of_the_cockpit() {
    let bench = Bench::with_deals();
    let answer = |key: &str| {
        bench.run(&["answer", "1", "prb1", key]).ok();
        let shown = bench.run(&["show", "1", "--json"]).json();
        let answer = &shown["answers"][0];
        format!("{} {}", answer["answer"], answer["grade"]).replace('"', "")
    };

    let said: Vec<String> = ["0", "1", "y", "2", "3", "p", "n", "N", ".", "clear"]
        .map(answer)
        .to_vec();

    assert_eq!(
        said,
        [
            "unknown said",
            "yes hunch",
            "yes hunch",
            "yes said",
            "yes shown",
            "partly said",
            "no said",
            "no hunch",
            "no hunch",
            "null null",
        ]
    );
    assert_snapshot!(bench.run(&["answer", "1", "PRB1", "x"]), @r###"
    --- error
    error: this question applies to every deal: answer it with 0 1 2 3 p n or N
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["answer", "1", "PRBX", "n"]), @r###"
    --- error
    error: the bank `walkaway` has no question `PRBX`
    hint: did you mean `PRB1`?
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["answer", "1", "PRB1", "q"]), @r###"
    --- error
    error: `q` is no key that answers
    hint: the keys are: 0 asked, nobody knows · 1 yes, I think so · y yes, I think so · 2 yes, they told us · 3 yes, it happened · p partly · n no, and we asked · N no, I think · x does not apply · . still so, as of today · clear back to not asked
    --- exit 2
    "###);
}

#[test]
fn decisions_are_filled_in_as_in_the_sheet() {
    let bench = Bench::with_deals();

    assert_snapshot!(bench.run(&["continue", "1"]), @r###"
    Continued Northwind · `walkaway undo 3` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["hold", "2"]), @r###"
    On hold: Contoso, until 2026-12-21 · `walkaway undo 4` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["fire", "3", "to=nurture"]), @r###"
    Fired Graphic Design Institute · 0.4 h back, an estimate · `walkaway undo 5` takes it back
    --- exit 0
    "###);
    let one = bench.run(&["show", "1", "--json"]).json();
    assert_eq!(
        one["next_step"],
        json!({
            "what": "ask them: Suppose nothing changes for another year. Who notices first, \
                and what does it cost them?",
            "due": "2026-11-30",
        })
    );
    assert_eq!(one["tripwires"][0]["due"], json!("2026-12-07"));
    let two = bench.run(&["show", "2", "--json"]).json();
    assert_eq!(two["holds"][0]["until"], json!("2026-12-21"));
    let three = bench.run(&["show", "3", "--json"]).json();
    assert_eq!(three["decisions"][0]["until"], json!("2027-02-21"));
}

#[test]
fn several_deals_are_one_decision_and_one_undo() {
    let bench = Bench::with_deals();

    let fired = bench
        .run(&["fire", "1", "contoso", "reasons=no money;no time", "--json"])
        .json();
    assert_eq!(fired["action"]["what"], json!("Fired 2 deals"));
    assert_eq!(fired["deals"].as_array().unwrap().len(), 2);

    let undone = bench.run(&["undo", "--json"]).json();
    assert_eq!(undone["deals"].as_array().unwrap().len(), 2);
    assert_eq!(undone["deals"][0]["decision"], json!("undecided"));
    assert_snapshot!(bench.run(&["redo"]), @r###"
    Fired 2 deals · `walkaway undo 5` takes it back
    --- exit 0
    "###);
}

#[test]
fn decisions_that_the_rules_refuse_say_what_to_do() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();

    assert_snapshot!(bench.run(&["fire", "1"]), @r###"
    --- error
    error: Northwind is fired already
    hint: reinstate it first, with the terms on which it came back
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["fire", "4"]), @r###"
    --- error
    error: Bellows College is won
    hint: only open deals can be decided; `close DEAL open` opens it again
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["fire", "2", "to=regift"]), @r###"
    --- error
    error: a prospect is re-gifted to somebody
    hint: name the competitor or partner: whom=NAME
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["hold", "2", "until=yesterday"]), @r###"
    --- error
    error: a hold ends on a day in the future
    hint: take a later day, such as +4w
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["hold", "2", "til=fri"]), @r###"
    --- error
    error: no field is called `til`
    hint: there are: what, until, why
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["continue", "2", "hours=all"]), @r###"
    --- error
    error: `all` is no number of hours a week
    hint: write a number from 0 to 168
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["tripwire", "2", "happened", "they called"]), @r###"
    --- error
    error: Contoso has no tripwire that waits
    hint: `continue` sets one
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["close", "2", "maybe"]), @r###"
    --- error
    error: `maybe` is no status
    hint: end with won, lost, removed or open
    --- exit 2
    "###);
}

#[test]
fn a_passed_tripwire_has_its_three_ways() {
    let bench = Bench::with_deals();
    bench.run(&["continue", "1", "2", "3", "by=+3d"]).ok();
    bench.wait(4);

    let due = bench.run(&["list", "--view", "due", "--json"]).json();
    assert_eq!(due.as_array().unwrap().len(), 3);
    assert_eq!(due[0]["due"], json!("tripwire"));
    assert_snapshot!(bench.run(&["tripwire", "1", "happened", "they met the signer"]), @r###"
    Northwind: it happened · `walkaway undo 4` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["tripwire", "2", "anyway", "their head was ill", "by=+1w"]), @r###"
    Contoso: kept going anyway, until 2026-12-04 · `walkaway undo 5` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["fire", "3"]), @r###"
    Fired Graphic Design Institute · 0.3 h back, an estimate · `walkaway undo 6` takes it back
    --- exit 0
    "###);
    let three = bench.run(&["show", "3", "--json"]).json();
    assert_eq!(three["tripwires"][0]["state"], json!("fired"));
}

#[test]
fn the_fired_come_back_on_terms() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1", "to=nurture", "until=+1m"]).ok();

    assert_snapshot!(bench.run(&["nurture", "1", "later", "+2m"]), @r###"
    Northwind: later, on 2027-01-23 · `walkaway undo 4` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["nurture", "1", "let-go"]), @r###"
    Northwind: let go · `walkaway undo 5` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["reinstate", "1", "half", "the", "scope"]), @r###"
    Reinstated Northwind · `walkaway undo 6` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["close", "1", "2", "lost", "reason=too dear"]), @r###"
    Lost: 2 deals · `walkaway undo 7` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["close", "1", "open"]), @r###"
    Opened again: Northwind · `walkaway undo 8` takes it back
    --- exit 0
    "###);
}

#[test]
fn the_journal_tells_who_did_what_and_undo_reaches_all_of_it() {
    let bench = Bench::with_deals();
    bench.run(&["note", "1", "one"]).ok();
    bench.run(&["fire", "2", "--as", "Dana"]).ok();
    bench.run(&["undo", "3"]).ok();

    assert_snapshot!(bench.run(&["journal"]), @r###"
    id  when              who   what
     5  2026-11-23 09:00  ana   Undid: Noted on Northwind
     4  2026-11-23 09:00  Dana  Fired Contoso
     3  2026-11-23 09:00  ana   Noted on Northwind (undone by 5)
     2  2026-11-23 09:00  ana   ana is Ana Ruiz in the record
     1  2026-11-23 09:00  ana   Imported deals.csv: 4 new, 0 updated
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["journal", "contoso", "--json"]), @r###"
    [{"schema":1,"id":4,"at":"2026-11-23T09:00:02Z","who":"Dana","place":"command","kind":"fire","what":"Fired Contoso","state":"done","undoes":null,"undone_by":null},
     {"schema":1,"id":1,"at":"2026-11-23T09:00:00Z","who":"ana","place":"command","kind":"import","what":"Imported deals.csv: 4 new, 0 updated","state":"done","undoes":null,"undone_by":null}]
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["undo", "3"]), @r###"
    --- error
    error: “Noted on Northwind” is undone already, by action 5
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["undo", "import"]), @r###"
    Undid: Imported deals.csv: 4 new, 0 updated · `walkaway undo 6` takes it back
    1 deal stays as it is, because it was worked on since: 2
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["undo", "99"]), @r###"
    --- error
    error: there is no action 99
    hint: `walkaway journal` lists them
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["journal", "--since", "tomorrow", "--json"]), @r###"
    []
    --- exit 0
    "###);
}

#[test]
fn what_was_changed_since_is_not_undone_in_silence() {
    let bench = Bench::with_deals();
    bench.run(&["edit", "1", "stage=A"]).ok();
    bench.run(&["edit", "1", "stage=B"]).ok();

    assert_snapshot!(bench.run(&["undo", "3"]), @r###"
    --- error
    error: cannot undo “Edited Northwind”: action 4, “Edited Northwind”, changed it since
    hint: undo the later action first: `walkaway journal` lists them
    --- exit 1
    "###);
}

#[test]
fn an_export_comes_back_byte_for_byte() {
    let bench = Bench::new();
    bench.run(&["demo", "--path", "pipeline.db"]).ok();
    bench
        .run(&["note", "1", "=HYPERLINK(\"http://x\") and \u{1f389} 漢字"])
        .ok();
    bench
        .run(&["edit", "2", "title=-2+3|cmd", "description=a, \"b\"\nc"])
        .ok();

    for name in ["out.csv", "out.json"] {
        let second = format!("second-{name}");
        let empty = format!("{name}.db");
        bench.run(&["export", name]).ok();
        bench.run(&["--db", &empty, "import", name]).ok();
        bench.run(&["--db", &empty, "export", &second]).ok();
        assert_eq!(bench.read(name), bench.read(&second));
    }
    let before = bench.run(&["list", "--json"]).ok();
    assert_eq!(
        bench.run(&["--db", "out.json.db", "list", "--json"]).ok(),
        before
    );
    let fired = bench
        .run(&["--db", "out.csv.db", "list", "--view", "gone", "--json"])
        .json();
    assert_eq!(fired.as_array().unwrap().len(), 4);
}

#[test]
fn deals_without_ids_keep_their_identity_through_an_export() {
    let bench = Bench::new();
    let table = "title,account,owner,stage,amount,created\nYard,Northwind,Ana,New,5,2026-01-01\n";
    bench.write("table.csv", table);
    bench.run(&["import", "table.csv"]).ok();

    for name in ["out.csv", "out.json"] {
        let (empty, second) = (format!("{name}.db"), format!("second-{name}"));
        bench.run(&["export", name]).ok();
        bench.run(&["--db", &empty, "import", name]).ok();
        bench.run(&["--db", &empty, "export", &second]).ok();
        assert_eq!(bench.read(name), bench.read(&second));
        let again = bench.run(&["--db", &empty, "import", "table.csv", "--json"]);
        assert_eq!(again.json()["same"], json!(1), "{name}");
        assert!(
            !bench
                .read(name)
                .chars()
                .any(|c| c.is_control() && c != '\n')
        );
    }
    let masked = bench
        .run(&["export", "--mask", "2", "--format", "json"])
        .ok();
    assert!(!masked.contains("Yard"), "{masked}");
    let masked = bench.run(&["export", "--mask", "2"]).ok();
    assert!(!masked.contains("Yard"), "{masked}");
}

#[test]
fn an_export_taken_in_is_one_action() {
    let bench = Bench::with_deals();
    bench.run(&["fire", "1"]).ok();
    bench.run(&["export", "out.json"]).ok();

    assert_snapshot!(bench.run(&["--db", "new.db", "import", "out.json"]), @r###"
    out.json: our own export: numbers and decisions are taken as they were
    4 rows: 4 are new, 0 updated, 0 same, 0 in conflict, 0 skipped, 0 refused
    `walkaway undo 1` takes it back
    --- exit 0
    "###);
    bench.run(&["--db", "new.db", "undo", "import"]).ok();
    assert_eq!(
        bench.run(&["--db", "new.db", "list", "--json"]).json(),
        json!([])
    );
    bench.run(&["--db", "new.db", "redo"]).ok();
    let again = bench.run(&["--db", "new.db", "show", "1", "--json"]).json();
    assert_eq!(again["decisions"].as_array().unwrap().len(), 1);
}

#[test]
fn an_export_into_a_pipeline_with_deals_touches_no_decision() {
    let bench = Bench::with_deals();
    for name in ["out.csv", "out.json"] {
        bench.run(&["export", name, "--force"]).ok();
        bench.run(&["fire", "1"]).ok();

        let report = bench.run(&["import", name, "--json"]).json();

        assert_eq!(
            (&report["new"], &report["same"]),
            (&json!(0), &json!(4)),
            "{name}: {report}"
        );
        assert_eq!(
            bench.run(&["show", "1", "--json"]).json()["decision"],
            json!("fired")
        );
        bench.run(&["reinstate", "1", "for the next round"]).ok();
    }
}

#[test]
fn a_damaged_export_is_refused_with_its_place_and_nothing_is_kept() {
    let bench = Bench::with_deals();
    bench.run(&["export", "out.csv"]).ok();
    bench.run(&["export", "out.json"]).ok();
    bench.write(
        "bad.csv",
        &bench.read("out.csv").replace("2027-01-29", "soon"),
    );
    bench.write(
        "bad.json",
        &bench.read("out.json").replace("\"status\"", "\"stratus\""),
    );
    bench.write("half.json", &bench.read("out.json")[..900]);

    assert_snapshot!(bench.run(&["--db", "new.db", "import", "bad.csv"]), @r###"
    --- error
    error: bad.csv:2: column `expected_close`: `soon` is no day; write it as 2026-11-23
    hint: export it again, or import it with `--source NAME`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "new.db", "import", "bad.json"]), @r###"
    --- error
    error: deal 1: a deal has no member `stratus`
    hint: export it again with this version, or restore a backup
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "new.db", "import", "half.json"]), @r###"
    --- error
    error: half.json:3: it is no JSON of ours: EOF while parsing a value at line 3 column 189
    hint: export it again, or import it with `--source NAME`
    --- exit 1
    "###);
    assert_eq!(
        bench.run(&["--db", "new.db", "list", "--json"]).json(),
        json!([])
    );
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_guarded() {
    let bench = Bench::new();
    bench
        .run(&[
            "add",
            "title==1+1",
            "account=@SUM(A1)",
            "stage=-x",
            "amount=-500",
        ])
        .ok();

    let guarded = bench.run(&["export"]).ok();
    assert!(
        guarded.contains(",'=1+1,'@SUM(A1),") && guarded.contains(",-500.00,"),
        "{guarded}"
    );
    let raw = bench.run(&["export", "--raw"]).ok();
    assert!(raw.contains(",=1+1,@SUM(A1),"), "{raw}");
}

#[test]
fn an_export_is_never_written_over_something_by_accident() {
    let bench = Bench::with_deals();
    bench.run(&["export", "x.csv"]).ok();

    assert_snapshot!(bench.run(&["export", "x.csv"]), @r###"
    --- error
    error: `x.csv` exists
    hint: name another file, or write over it with `--force`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["export", "x.csv", "--force", "--json"]), @r###"
    {
      "schema": 1,
      "file": "x.csv",
      "deals": 4
    }
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["export", "no/such/folder.csv"]), @r###"
    --- error
    error: there is no folder for `no/such/folder.csv`
    hint: make the folder first, or name another file
    --- exit 1
    "###);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("x.csv", bench.path("link.csv")).unwrap();
        assert_snapshot!(bench.run(&["export", "link.csv", "--force"]), @r###"
    --- error
    error: `link.csv` is a link to another file
    hint: name another file
    --- exit 1
    "###);
    }
}

#[test]
fn escape_sequences_of_a_file_reach_no_terminal() {
    let bench = Bench::new();
    let hostile = "\u{1b}]0;title\u{7}\u{1b}[31m\u{9b}31mred\u{202e}txt";
    bench.write(
        "deals.csv",
        &DEALS
            .replace("Plant rollout", hostile)
            .replace("call Kim", hostile),
    );

    for args in [
        &["import", "deals.csv"][..],
        &["list"],
        &["list", "--json"],
        &["show", "1"],
        &["show", "1", "--json"],
        &["journal"],
        &["export"],
        &["export", "--format", "json"],
        &["show", hostile],
        &["list", "--filter", hostile],
        &["--db", hostile, "list"],
        &["add", hostile],
    ] {
        let shot = bench.run(args);
        let all = shot.out + &shot.err;
        let bad = all
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(bad, None, "{args:?}\n{all:?}");
    }
}

#[test]
fn question_banks_are_listed_checked_made_and_put_in_force() {
    let bench = Bench::with_deals();
    bench.write("bad.toml", "id = \"x\"\nversion = 1\nnaem = \"x\"\n");

    assert_snapshot!(bench.run(&["questions", "check", "bad.toml"]), @r###"
    bad.toml:1:1: The bank has no question.
      hint: Start each question with [[question]].
    bad.toml:1:1: The bank has no `name`.
      hint: Add name = …
    bad.toml:3:1: There is no key `naem`.
      hint: Did you mean `name`?
    3 mistakes
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["questions", "check", "none.toml"]), @r###"
    --- error
    error: cannot read `none.toml`
      because No such file or directory (os error 2)
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["questions", "new", "team.toml"]), @r###"
    Wrote team.toml
    `walkaway questions check team.toml` looks for mistakes in it
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["questions", "new", "team.toml"]), @r###"
    --- error
    error: `team.toml` exists
    hint: name another file; `questions new` never writes over one
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["questions", "check", "team.toml"]), @r###"
    team.toml: 5 questions, 5 of them core; no mistakes
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["questions", "use", "team"]), @r###"
    --- error
    error: there is no question bank `team`
    hint: there are: walkaway, meddpicc, bant, spiced, gonogo
    --- exit 1
    "###);
    bench.config("questions/team.toml", &bench.read("team.toml"));
    assert_snapshot!(bench.run(&["questions", "use", "team"]), @r###"
    Questions from now on: Our own questions · `walkaway undo 3` takes it back
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["questions", "list", "--banks"]), @r###"
    id        name                      questions
    walkaway  walkaway, our own method  44
    meddpicc  MEDDPICC                  16
    bant      BANT                      16
    spiced    SPICED                    16
    gonogo    go or no-go               16
    team      Our own questions         5          in force
    --- exit 0
    "###);
    let list = bench.run(&["questions", "list", "--json"]).json();
    assert_eq!(list.as_array().unwrap().len(), 5);
    bench.run(&["answer", "1", "PROBLEM", "n"]).ok();
    bench.run(&["undo"]).ok();
    bench.run(&["undo"]).ok();
    assert_eq!(
        bench.run(&["questions", "list", "--json"]).json()[0]["id"],
        json!("PRB1")
    );
}

#[test]
fn mistakes_of_a_bank_are_json_too() {
    let bench = Bench::new();
    bench.write("bad.toml", "id = \"x\"\nversion = 1\nnaem = \"x\"\n");

    let check = bench.run(&["questions", "check", "bad.toml", "--json"]);

    assert_eq!((check.code, check.err.as_str()), (1, ""));
    let value: serde_json::Value = serde_json::from_str(&check.out).unwrap();
    assert_eq!(value["mistakes"][2]["line"], json!(3));
}

#[test]
fn a_backup_is_proven_and_put_back() {
    let bench = Bench::with_deals();

    assert_snapshot!(bench.run(&["backup", "b.db"]), @r###"
    Backed up to b.db, whole and checked
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["backup", "b.db"]), @r###"
    --- error
    error: `b.db` exists
    hint: name another file, or write over it with `--force`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["backup", "pipeline.db", "--force"]), @r###"
    --- error
    error: the backup would be written over the pipeline itself
    hint: name another file
    --- exit 2
    "###);
    bench.run(&["fire", "1"]).ok();
    let before = bench.run(&["list", "--json"]).ok();
    assert_snapshot!(bench.run(&["restore", "b.db"]), @r###"
    Restored pipeline.db with 4 deals
    What it was is kept as pipeline.db.2026-11-23-090006.bak
    --- exit 0
    "###);
    assert_eq!(
        bench.run(&["show", "1", "--json"]).json()["decision"],
        json!("undecided")
    );
    let kept = "pipeline.db.2026-11-23-090006.bak";
    assert_eq!(bench.run(&["--db", kept, "list", "--json"]).ok(), before);
    assert_snapshot!(bench.run(&["restore", "deals.csv"]), @r###"
    --- error
    error: `deals.csv` is no walkaway pipeline: it is not an SQLite database
    hint: name another file with `--db FILE`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["restore", "none.db"]), @r###"
    --- error
    error: there is no file `none.db`
    hint: look at the spelling and at the folder you are in
    --- exit 1
    "###);
    assert_eq!(
        bench
            .run(&["--db", "new.db", "restore", "b.db", "--json"])
            .json()["kept"],
        json!(null)
    );
}

#[test]
fn a_restore_waits_for_nobody_who_has_the_file_open() {
    let bench = Bench::with_deals();
    bench.run(&["backup", "b.db"]).ok();
    let lock = std::fs::File::open(bench.path("pipeline.db.lock")).unwrap();
    lock.lock_shared().unwrap();

    let refused = bench.run(&["restore", "b.db"]);

    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("is in use"), "{refused}");
}

#[test]
fn a_damaged_pipeline_is_kept_when_a_backup_is_put_back() {
    let bench = Bench::with_deals();
    bench.run(&["backup", "b.db"]).ok();
    bench.write("pipeline.db", "rubbish");

    let restored = bench.run(&["restore", "b.db", "--json"]).json();

    let kept = restored["kept"].as_str().unwrap();
    assert_eq!(bench.read(kept), "rubbish");
    assert_eq!(restored["deals"], json!(4));
}

#[test]
fn files_that_are_no_pipeline_of_ours_are_refused_untouched() {
    let bench = Bench::with_deals();
    std::fs::create_dir(bench.path("folder")).unwrap();
    bench.write("empty.db", "");

    assert_snapshot!(bench.run(&["--db", "deals.csv", "list"]), @r###"
    --- error
    error: `deals.csv` is no walkaway pipeline: it is not an SQLite database
    hint: name another file with `--db FILE`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "folder", "list"]), @r###"
    --- error
    error: `folder` is no walkaway pipeline: it is a folder
    hint: name another file with `--db FILE`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "empty.db", "list"]), @r###"
    --- error
    error: `empty.db` is no walkaway pipeline: it is empty
    hint: name another file with `--db FILE`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "none.db", "list", "--json"]), @r###"
    --- error
    {"schema":1,"error":{"what":"there is no pipeline at `none.db`","why":null,"hint":"run `walkaway import FILE`, `walkaway add account=NAME` or `walkaway` to make one","file":"none.db","line":null,"column":null}}
    --- exit 1
    "###);
    assert_eq!(bench.read("deals.csv"), DEALS);
    for name in ["deals.csv", "folder", "empty.db", "none.db"] {
        for ending in ["lock", "import-lock"] {
            let beside = format!("{name}.{ending}");
            assert!(!bench.path(&beside).exists(), "{beside} was made");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_import_of_a_folder_or_a_pipe_is_refused_and_does_not_wait() {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("folder")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(bench.path("pipe"))
        .status()
        .unwrap();
    assert!(made.success());

    assert_snapshot!(bench.run(&["import", "folder"]), @r###"
    --- error
    error: `folder` is a folder
    hint: Name the files in it, for instance with `*.csv`.
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["import", "pipe"]), @r###"
    --- error
    error: `pipe` is a pipe, no file
    hint: Save it to a file first; it is read twice.
    --- exit 1
    "###);
}

#[test]
fn a_newer_pipeline_is_refused_untouched() {
    let bench = Bench::with_deals();
    bench.run(&["backup", "newer.db"]).ok();
    let mut bytes = std::fs::read(bench.path("newer.db")).unwrap();
    // The schema's version stands at byte 60 of an SQLite file (sqlite.org/fileformat2.html).
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(bench.path("newer.db"), &bytes).unwrap();

    assert_snapshot!(bench.run(&["--db", "newer.db", "list"]), @r###"
    --- error
    error: `newer.db` has schema version 99, and this walkaway knows versions up to 9
    hint: install the newer walkaway, or name another file with `--db FILE`; this file was left untouched
    --- exit 1
    "###);
    assert_eq!(std::fs::read(bench.path("newer.db")).unwrap(), bytes);
    for ending in ["lock", "import-lock", "wal", "shm"] {
        for joint in [".", "-"] {
            let beside = format!("newer.db{joint}{ending}");
            assert!(!bench.path(&beside).exists(), "{beside} was left");
        }
    }
}

#[test]
fn a_file_that_can_only_be_read_is_read() {
    let bench = Bench::with_deals();
    if !permissions_bind(&bench.path("")) {
        eprintln!("SKIPPED: permissions do not bind this user");
        return;
    }
    let mut permissions = std::fs::metadata(bench.path("pipeline.db"))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(bench.path("pipeline.db"), permissions).unwrap();

    assert_eq!(
        bench
            .run(&["list", "--json"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let refused = bench.run(&["fire", "1"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("read-only"), "{refused}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let bench = Bench::new();
    bench.run(&["demo", "--path", "pipeline.db"]).ok();
    let mut child = bench
        .command(&["list", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    let output = child.wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn the_actor_is_named_the_same_way_everywhere() {
    let bench = Bench::with_deals();
    let who = |bench: &Bench| {
        let journal = bench.run(&["journal", "--limit", "1", "--json"]).json();
        journal[0]["who"].as_str().unwrap().to_owned()
    };

    bench.run(&["note", "1", "x"]).ok();
    assert_eq!(who(&bench), "ana");
    let folder = bench.path("../home/.local/share/walkaway");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("person"), "Kim\n").unwrap();
    bench.run(&["note", "1", "x"]).ok();
    assert_eq!(who(&bench), "Kim");
    let noted = bench
        .command(&["note", "1", "x"])
        .env("WALKAWAY_AS", "Lee")
        .status()
        .unwrap();
    assert!(noted.success());
    assert_eq!(who(&bench), "Lee");
    bench.run(&["note", "1", "x", "--as", "Dana"]).ok();
    assert_eq!(who(&bench), "Dana");
}

#[test]
fn the_day_is_that_of_the_zone() {
    let bench = Bench::with_deals();
    let day = |zone: &str| {
        let mut command = bench.command(&["doctor", "--json"]);
        let output = command
            .env("TZ", zone)
            .env("WALKAWAY_NOW", "2026-11-23T23:30:00Z")
            .output()
            .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        value["today"].as_str().unwrap().to_owned()
    };

    assert_eq!(day("UTC"), "2026-11-23");
    assert_eq!(day("Asia/Tokyo"), "2026-11-24");
}

#[test]
fn the_doctor_finds_a_healthy_pipeline_well() {
    let bench = Bench::with_deals();

    let report = bench.run(&["doctor", "--deep", "--json"]).json();

    assert_eq!(
        (&report["well"], &report["deals"]),
        (&json!(true), &json!(4))
    );
    assert_eq!(
        (&report["deep_check"], &report["unfinished"]),
        (&json!(true), &json!(0))
    );
    let said = bench.run(&["doctor"]).ok();
    assert!(said.ends_with("All is well.\n"));
    // What is pasted for others to see names no deal, no amount, nobody and no folder of theirs.
    for secret in [
        "Northwind",
        "48000",
        "Plant",
        "ana",
        "Ana",
        "deals.csv",
        "PLACE/home",
    ] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    for fact in [
        "version",
        "system",
        "sqlite",
        "terminal",
        "columns",
        "colour",
        "locale",
        "utf8",
        "now",
        "clock_held",
        "utc_offset",
        "data_folder",
        "crash_reports",
        "config",
        "pipeline",
        "free_bytes",
        "bytes",
        "log_bytes",
        "backups",
        "file_system",
        "schema_version",
        "bank",
        "last_import",
        "last_action",
    ] {
        assert!(report.get(fact).is_some(), "{fact} is not told: {report:#}");
    }
    assert_eq!(report["last_import"], report["last_action"]);
    let sick = bench.run(&["--db", "deals.csv", "doctor"]);
    assert_eq!(sick.code, 1, "{sick}");
}

#[test]
fn mistakes_of_the_configuration_are_told_with_their_place() {
    let bench = Bench::with_deals();
    assert_snapshot!(bench.run(&["config", "path"]), @r###"
    PLACE/home/.config/walkaway/config.toml
    --- exit 0
    "###);
    bench.config(
        "config.toml",
        "theme = \"pink\"\n[thresholds]\nfire_evidnce = 1\n",
    );

    assert_snapshot!(bench.run(&["config", "check"]), @r###"
    PLACE/home/.config/walkaway/config.toml:1:9: `pink` is no theme
      hint: there are: dark, light, contrast, none
    PLACE/home/.config/walkaway/config.toml:3:16: `thresholds.fire_evidnce`: unknown field `fire_evidnce`, expected one of `fire_evidence`, `fire_core_answered`, `continue_earned`, `continue_coverage`, `dead_inbound_days`, `untouched_days`, `overdue_days`, `record_days`, `silent_days`, `hours`, `contact`, `word`, `timing`, `money`, `working`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["view", "delete", "x"]), @r###"
    --- error
    warning: PLACE/home/.config/walkaway/config.toml:1:9: `pink` is no theme; `walkaway config check` shows all
    error: there is no view `x` of yours
    hint: `walkaway view list` shows them
    --- exit 1
    "###);
    bench.config(
        "config.toml",
        "theme = \"light\"\n[thresholds]\ncontinue_coverage = 50.0\n",
    );
    assert_snapshot!(bench.run(&["config", "check"]), @r###"
    PLACE/home/.config/walkaway/config.toml: no mistakes
    --- exit 0
    "###);
}

#[test]
fn the_demo_has_something_of_everything() {
    let bench = Bench::new();

    assert_snapshot!(bench.run(&["demo", "--path", "demo.db"]), @r###"
    Made demo.db with 35 deals
    `walkaway --db demo.db` opens it
    --- exit 0
    "###);
    assert_snapshot!(bench.run(&["demo", "--path", "demo.db"]), @r###"
    --- error
    error: `demo.db` holds deals already
    hint: name a file that is not there yet
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--db", "demo.db", "list"]), @r###"
    id  account                   title                     amount  stage                   verdict                   weakest or ask                                          silent
     1  Trey Research             Lab data service       64000 EUR  Proposal Sent           continued, due: tripwire  its tripwire passed                                        1 d
    29  First Up Consultants      Time sheets            16000 EUR  Presentation Scheduled  fired, due: came back     asked about budget: no                                     0 d
     4  Wide World Importers      Import desk            27000 EUR  Proposal Sent           fired, due: nurture       dead on paper: silent, past its date or without a step   111 d
     3  Fourth Coffee             Tills for 40 shops     38000 EUR  Presentation Scheduled  on hold, due: hold        ask: signer                                               50 d
     6  Contoso                   Press line 2           95000 EUR  Proposal Sent           FIRE                      asked about their race: no                                 8 d
     5  Northwind                 Plant rollout          48000 EUR  Proposal Sent           FIRE                      asked for the signer: no                                  23 d
    10  City Power                Meter data             72000 EUR  Proposal Sent           FIRE                      dead on paper: silent, past its date or without a step    60 d
     7  Proseware                 Group deal            210000 EUR  Presentation Scheduled  FIRE                      asked, and no to case, outcome, their word                 2 d
     8  Litware                   Renewal plus seats     31000 EUR  Contract Sent           FIRE                      margin: no                                                 2 d
     9  Southridge Video          Archive                18000 EUR  Presentation Scheduled  FIRE                      dead on paper: silent, past its date or without a step   146 d
    19  VanArsdel                 Kiosks                 41000 EUR  Proposal Sent           GET TO NO                 ask: in touch                                             23 d
    18  Margie's Travel           Starter                 9800 EUR  Qualified To Buy        GET TO NO                 ask: signer                                                2 d
    11  Fabrikam                  Warehouse              56000 EUR  Presentation Scheduled  GET TO NO                 ask: date                                                  1 d
    30  Datum Corporation         Sensors                45000 EUR  Presentation Scheduled  GET TO NO                 ask: date                                                  4 d
    15  Woodgrove Bank            Branch scheduling     150000 EUR  Presentation Scheduled  GET TO NO                 ask: date                                                  2 d
    16  Bellows College           Licences               12500 EUR  Qualified To Buy        GET TO NO                 ask: date                                                 22 d
    35  Humongous Insurance       Trial                             Appointment Scheduled   GET TO NO                 ask: problem
    34  Coho Winery               Phase 1                22000 EUR  Appointment Scheduled   GET TO NO                 ask: problem
    14  Lucerne Publishing        Archive of rights      47000 CHF  Presentation Scheduled  GET TO NO                 ask: date                                                  4 d
    12  Tailspin Toys             Line 4                 83000 EUR  Presentation Scheduled  GET TO NO                 ask: signer                                                3 d
    13  Wingtip Toys              Quality cameras        39500 EUR  Proposal Sent           GET TO NO                 ask: date                                                  2 d
    17  Munson's Pickles          Plant B                66000 EUR  Presentation Scheduled  GET TO NO                 ask: signer                                               16 d
    20  School of Fine Art        Studio booking         14000 EUR  Presentation Scheduled  GET TO NO                 ask: in touch                                              2 d
    22  Alpine Ski House          Pilot                  58000 CHF  Presentation Scheduled  CONTINUE                  ask: solution                                              2 d
    23  Graphic Design Institute  Seats                  26000 EUR  Proposal Sent           CONTINUE                  ask: solution                                              1 d
    21  Adventure Works           Rollout               210000 EUR  Contract Sent           CONTINUE                  ask: solution                                              1 d
    25  Consolidated Messenger    Route planning         88000 EUR  Contract Sent           continued                 ask: date                                                  2 d
    24  Blue Yonder Airlines      Crew planning         175000 EUR  Presentation Scheduled  continued                 ask: choose them                                           2 d
     2  Relecloud                 Migration             120000 EUR  Contract Sent           continued                 ask: solution                                              2 d
    26  Lamna Healthcare          Ward scheduling       134000 EUR  Proposal Sent           on hold                   ask: date                                                 22 d
    28  Fincher Architects        Site cameras           33000 EUR  Qualified To Buy        fired                     asked about access: no                                     4 d
    27  Nod Publishers            Print on demand        19500 EUR  Presentation Scheduled  fired                     asked about problem: no                                   50 d
    31  Best For You Organics     Cold chain             52000 EUR  Closed Won              won
    32  The Phone Company         Shop displays          61000 EUR  Closed Lost             lost
    33  Northwind                 Plant rollout (copy)   48000 EUR  Proposal Sent           removed
    --- exit 0
    "###);
    assert_eq!(
        bench
            .run(&["--db", "demo.db", "doctor", "--deep", "--json"])
            .json()["well"],
        json!(true)
    );
}

#[test]
fn the_cockpit_says_that_it_needs_a_terminal() {
    let bench = Bench::with_deals();

    assert_snapshot!(bench.run(&[]), @r###"
    --- error
    error: the cockpit needs a terminal, and this is none
    hint: use a command: `walkaway list`, `walkaway --help`
    --- exit 1
    "###);
    assert_snapshot!(bench.run(&["--json"]), @r###"
    --- error
    {"schema":1,"error":{"what":"the cockpit prints no JSON","why":null,"hint":"use a command: `walkaway list --json`","file":null,"line":null,"column":null}}
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["demo"]), @r###"
    --- error
    error: the cockpit needs a terminal, and this is none
    hint: use a command: `walkaway list`, `walkaway --help`
    --- exit 1
    "###);
}

#[test]
fn wrong_usage_is_told_as_asked() {
    let bench = Bench::new();

    assert_snapshot!(bench.run(&["lst"]), @r###"
    --- error
    error: unrecognized subcommand 'lst'

      tip: some similar subcommands exist: 'ls', 'list'

    Usage: walkaway [OPTIONS] [COMMAND]

    For more information, try '--help'.
    --- exit 2
    "###);
    assert_snapshot!(bench.run(&["list", "--nope", "--json"]), @r###"
    --- error
    {"schema":1,"error":{"what":"unexpected argument '--nope' found","why":null,"hint":"Usage: walkaway list [OPTIONS] For more information, try '--help'.","file":null,"line":null,"column":null}}
    --- exit 2
    "###);
    let odd = bench
        .command(&["list"])
        .env("WALKAWAY_NOW", "noon")
        .output()
        .unwrap();
    assert_eq!(odd.status.code(), Some(2));
}

#[test]
fn colours_are_used_when_asked_for_only() {
    let bench = Bench::with_deals();

    assert!(!bench.run(&["list"]).ok().contains('\u{1b}'));
    assert!(
        bench
            .run(&["list", "--color", "always"])
            .ok()
            .contains('\u{1b}')
    );
    let always = bench
        .command(&["list", "--color", "never"])
        .output()
        .unwrap();
    assert!(!always.stdout.contains(&0x1b));
}

#[test]
fn scripts_and_manual_pages_are_printed() {
    let bench = Bench::new();

    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            bench
                .run(&["completions", shell])
                .ok()
                .contains("reinstate"),
            "{shell}"
        );
    }
    assert!(bench.run(&["man"]).ok().starts_with(".ie"));
    assert!(bench.run(&["man", "fire"]).ok().contains("nurture"));
    assert_eq!(bench.run(&["man", "nope"]).code, 2);
    for verb in [
        "import", "export", "list", "show", "answer", "fire", "undo", "doctor",
    ] {
        assert!(
            bench
                .run(&[verb, "--help"])
                .ok()
                .contains("Usage: walkaway"),
            "{verb}"
        );
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_import_is_taken_back() {
    use std::io::Write as _;
    let bench = Bench::new();
    let header = DEALS.lines().next().unwrap();
    let mut file = std::fs::File::create(bench.path("many.csv")).unwrap();
    writeln!(file, "{header}").unwrap();
    for id in 0..150_000 {
        writeln!(
            file,
            "{id},Deal {id},Account {id},Ana,Proposal,100,EUR,2027-01-29,2026-07-26,2026-11-19,x"
        )
        .unwrap();
    }
    drop(file);
    let child = bench
        .command(&["import", "many.csv"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The first chunk is on the disk once the log has grown.
    let log = bench.path("pipeline.db");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while std::fs::metadata(&log).map_or(0, |m| m.len()) < 1 << 20 {
        assert!(std::time::Instant::now() < deadline, "no chunk went in");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();

    let output = child.wait_with_output().unwrap();

    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("cancelled"), "{err}");
    assert_eq!(bench.run(&["list", "--json"]).json(), json!([]));
}
