//! Pages and sheets to look at, on top of the Monday of the sample.

use chrono::{TimeZone as _, Utc};
use walkaway::app::form::text::TextInput;
use walkaway::app::form::{Form, FormFocus, FormKind, Seed};
use walkaway::app::journal::{ChangeRow, Journal, JournalRow, Opened};
use walkaway::app::model::{
    Find, Help, Menu, MenuKind, MenuRow, Model, Overlay, Page, Pick, Prompt, PromptKind,
};
use walkaway::app::palette::{Palette, PaletteRow};
use walkaway::app::preview::{
    Part, Preview, PreviewAssumption, PreviewChange, PreviewColumn, PreviewData, PreviewFile,
    PreviewRow, PreviewValue, Progress, Request, RowCounts, RowKind,
};
use walkaway::app::walk::{Walk, WalkNote};
use walkaway::domain::ids::{ActionId, DealId};
use walkaway::domain::load::Ending;
use walkaway::domain::money::{Currency, Money};

use super::sample;

/// The page of questions on Northwind.
pub fn walk(width: u16, height: u16, question: &str, note: Option<WalkNote>) -> Model {
    let mut model = sample::cockpit(width, height);
    let question = sample::bank().find(question);
    let walk = Walk {
        deal: DealId(2),
        question,
        trail: Vec::new(),
        skipped: Vec::new(),
        note,
        asks_on: false,
    };
    model.pages.push(Page::Walk(walk));
    model
}

/// A sheet over the cockpit, as it opens on the deal under the cursor or on the marked ones.
pub fn sheet(width: u16, height: u16, kind: FormKind, deals: &[i64]) -> Model {
    let deals: Vec<DealId> = deals.iter().map(|id| DealId(*id)).collect();
    opened(sample::cockpit(width, height), kind, &deals)
}

pub fn opened(mut model: Model, kind: FormKind, deals: &[DealId]) -> Model {
    let form = {
        let bank = sample::bank();
        let detail = model.detail.loaded.as_deref().filter(|_| deals.len() == 1);
        let evals: Vec<_> = deals.iter().filter_map(|id| model.eval(*id)).collect();
        Form::open(
            kind,
            &Seed {
                today: model.today,
                locale: &model.locale,
                mask: &model.mask,
                bank: &bank,
                thresholds: &model.thresholds,
                deals,
                detail,
                evals: &evals,
                question: bank.find("PWR1"),
                messages: &model.messages,
                who: &model.who,
                charter: model.facts.charter.as_ref(),
            },
        )
    };
    model.overlays.push(Overlay::Form(Box::new(form)));
    model
}

/// The form on top.
pub fn form(model: &mut Model) -> &mut Form {
    match model.overlays.last_mut() {
        Some(Overlay::Form(form)) => form,
        other => panic!("{other:?} is no form"),
    }
}

/// The sheet that continues a deal, with a day that cannot be read.
pub fn sheet_with_error(width: u16, height: u16) -> Model {
    let mut model = sheet(width, height, FormKind::Continue, &[2]);
    let form = form(&mut model);
    let due = form
        .fields
        .iter()
        .position(|field| field.label.contains("due"))
        .unwrap_or(1);
    form.focus = FormFocus::Field(due);
    let field = &mut form.fields[due];
    field.replace("someday");
    field.read = None;
    field.error = Some("`someday` is not a day; write `fri`, `+2w` or `12 dec`".to_owned());
    form.failed =
        Some("Nothing was written: the disk is full. Free some space, then ⏎.".to_owned());
    model
}

/// Doing by name, with some that cannot be done.
pub fn palette(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    let rows = walkaway::app::command::table()
        .filter(|row| row.by_name && (row.title.contains('i') || row.name.contains("fi")))
        .map(|row| PaletteRow {
            command: row.command,
            argument: None,
            title: row.title.to_owned(),
            name: row.name.to_owned(),
            summary: row.summary.to_owned(),
            keys: row.chords.join(" "),
            reason: (row.enabled)(&model).err(),
        })
        .collect();
    model.overlays.push(Overlay::Palette(Palette {
        input: TextInput::line("i"),
        rows,
        cursor: 1,
        top: 0,
    }));
    model
}

/// The menu of views.
pub fn menu(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    let rows = [
        ("to decide", "26"),
        ("open", "103"),
        ("due", "1"),
        ("gone", "17"),
    ];
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(at, (title, note))| MenuRow {
            title: title.to_owned(),
            note: note.to_owned(),
            pick: Pick::Bank(title.to_owned()),
            current: at == 0,
        });
    model.overlays.push(Overlay::Menu(Menu {
        kind: MenuKind::Views,
        title: "Views".to_owned(),
        rows: rows.collect(),
        cursor: 1,
        top: 0,
        find: None,
    }));
    model
}

/// The line that finds.
pub fn prompt(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    model.overlays.push(Overlay::Prompt(Prompt {
        kind: PromptKind::Import,
        label: "find",
        input: TextInput::line("stage:prop color:red"),
        error: Some("`color` is no field; fields are account, amount, close and others".to_owned()),
        hint: "3 of 103".to_owned(),
    }));
    model
}

/// Help, with the question under the cursor.
pub fn help(width: u16, height: u16) -> Model {
    let mut model = sample::cockpit(width, height);
    let question = sample::bank().find("PWR1");
    model
        .overlays
        .push(Overlay::Help(Help { top: 0, question }));
    model
}

/// The journal, with one action opened or not.
pub fn journal(width: u16, height: u16, opened: bool) -> Model {
    let mut model = sample::cockpit(width, height);
    let at = |hour, minute| {
        Utc.with_ymd_and_hms(2026, 11, 23, hour, minute, 0)
            .unwrap()
            .naive_utc()
    };
    let row = |id, at, what: &str, changes| JournalRow {
        id: ActionId(id),
        at,
        who: "Ana Ruiz".to_owned(),
        origin: "cockpit".to_owned(),
        what: what.into(),
        deal: Some((DealId(2), "Northwind".into())),
        changes,
        undone: id == 8,
        is_undo: id == 9,
    };
    let change = |what: &str, old: Option<&str>, new: &str| ChangeRow {
        deal: Some("Northwind".into()),
        what: what.to_owned(),
        old: old.map(Into::into),
        new: Some(new.into()),
    };
    let changes = vec![
        change("deal decision", Some("undecided"), "fired"),
        change("decision reasons", None, "asked for the signer: no"),
    ];
    model.pages.push(Page::Journal(Journal {
        rows: vec![
            row(9, at(9, 42), "Undid: Fired Northwind", 4),
            row(8, at(9, 41), "Fired Northwind", 4),
            row(7, at(9, 38), "Answered signer of Northwind: no, asked", 1),
        ],
        whole: true,
        cursor: 1,
        opened: opened.then_some(Opened {
            action: ActionId(8),
            changes: Some(changes),
            more: 2,
            top: 0,
        }),
        ..Journal::default()
    }));
    model
}

/// The preview of an import.
pub fn preview(width: u16, height: u16, part: Part, running: bool) -> Model {
    let mut model = sample::cockpit(width, height);
    let column = |header: &str, field: Option<&str>, reading: &str, example: &str| PreviewColumn {
        header: header.to_owned(),
        field: field.map(str::to_owned),
        reading: reading.to_owned(),
        example: example.into(),
    };
    let row = |line, kind, name: &str, note: &str, changes| PreviewRow {
        line,
        kind,
        name: name.into(),
        note: note.into(),
        changes,
    };
    let change = |field: &str, ours, theirs, taken| PreviewChange {
        field: field.to_owned(),
        ours,
        theirs,
        taken,
    };
    let euro = |minor| PreviewValue::Money(Money::new(minor, Currency::parse("EUR")));
    let text = |text: &str| PreviewValue::Text(text.into());
    let day = |day: &str| PreviewValue::Day(sample::day(day));
    let assumption =
        |column: Option<&str>, reading: &str, example: Option<&str>| PreviewAssumption {
            column: column.map(str::to_owned),
            reading: reading.to_owned(),
            example: example.map(Into::into),
        };
    let data = PreviewData {
        files: vec![
            PreviewFile {
                name: "deals-2026-11-22.csv".to_owned(),
                used: true,
                why: "its columns are those of deals of HubSpot".to_owned(),
            },
            PreviewFile {
                name: "leads.csv".to_owned(),
                used: false,
                why: "it holds leads of HubSpot; none of it is read".to_owned(),
            },
        ],
        kind: "HubSpot deals".to_owned(),
        counts: RowCounts {
            rows: 12_480,
            new: 120,
            updated: 34,
            same: 12_300,
            conflict: 2,
            skipped: 20,
            refused: 4,
            joined: 0,
        },
        by: vec![("deal".to_owned(), 456), ("touch".to_owned(), 12_000)],
        columns: vec![
            column("Deal Name", Some("title"), "words", "Plant rollout"),
            column("Amount", Some("amount"), "amount, 1.234,50", "48.000,00"),
            column(
                "Close Date",
                Some("expected_close"),
                "day, dmy",
                "29.01.2027",
            ),
            column("hs_object_id", None, "", "8001"),
        ],
        sources: vec!["hubspot".to_owned(), "salesforce".to_owned()],
        fields: vec![
            ("title".to_owned(), "title".to_owned()),
            ("amount".to_owned(), "amount".to_owned()),
            ("expected_close".to_owned(), "closes".to_owned()),
        ],
        rows: vec![
            row(2, RowKind::New, "Northwind · Plant rollout", "", Vec::new()),
            row(
                3,
                RowKind::Updated,
                "Contoso · Press line 2",
                "",
                vec![
                    change("expected close", day("2026-12-12"), day("2027-01-29"), true),
                    change("amount", euro(9_500_050), euro(8_800_000), true),
                ],
            ),
            row(
                9,
                RowKind::Conflict,
                "Tailspin · Line 4",
                "changed here and in the file",
                vec![change(
                    "stage",
                    text("Negotiation"),
                    text("Proposal"),
                    false,
                )],
            ),
            row(
                14,
                RowKind::Refused,
                "row 14",
                "amount: `12,3x` is not a number",
                Vec::new(),
            ),
        ],
        assumptions: vec![
            assumption(
                Some("Amount"),
                "it is the amount, as you corrected it on 3 Nov 2026",
                Some("48.000,00"),
            ),
            assumption(
                Some("Close Date"),
                "date, day before month: the column proves neither",
                Some("04.11.2026"),
            ),
            assumption(
                None,
                "the file was written on 20 Nov 2026: silence is counted to that day",
                None,
            ),
        ],
        corrected: true,
        unseen: false,
    };
    let progress = running.then(|| Progress {
        since: model.at - chrono::TimeDelta::seconds(3),
        done: 4_200,
        // What the bytes let expect; the rows were counted before.
        of: Some(12_602),
        ending: None,
        cancelling: false,
    });
    let cursor = usize::from(part != Part::Assumed);
    let preview = Preview {
        asked: Request {
            paths: vec![
                "/home/ana/Downloads/deals-2026-11-22.csv".to_owned(),
                "leads.csv".to_owned(),
            ],
            ..Request::default()
        },
        data: Some(Box::new(data)),
        part,
        cursor,
        progress,
        ..Preview::default()
    };
    model.pages.push(Page::Preview(preview));
    model
}

/// A file without a deal: what is in it belongs to deals that are here.
pub fn touches(width: u16, height: u16) -> Model {
    let mut model = preview(width, height, Part::Rows, false);
    if let Some(Page::Preview(preview)) = model.pages.last_mut()
        && let Some(data) = &mut preview.data
    {
        "Salesforce \u{b7} activities".clone_into(&mut data.kind);
        data.counts = RowCounts {
            rows: 12_000,
            new: 12_000,
            ..RowCounts::default()
        };
        data.by = vec![("touch".to_owned(), 12_000)];
        data.rows.clear();
    }
    model
}

/// A file in which a deal stands on several rows, one for each day.
pub fn pictures(width: u16, height: u16) -> Model {
    let mut model = preview(width, height, Part::Rows, false);
    if let Some(Page::Preview(preview)) = model.pages.last_mut()
        && let Some(data) = &mut preview.data
    {
        data.counts = RowCounts {
            rows: 3,
            new: 1,
            joined: 2,
            ..RowCounts::default()
        };
        data.by = vec![("deal".to_owned(), 1)];
        let row = |line, kind, name: &str, note: &str| PreviewRow {
            line,
            kind,
            name: name.into(),
            note: note.into(),
            changes: Vec::new(),
        };
        let earlier = "how the deal on line 4 stood before: its moves are taken";
        data.rows = vec![
            row(2, RowKind::Joined, "", earlier),
            row(3, RowKind::Joined, "", earlier),
            row(4, RowKind::New, "Northwind · Plant rollout", ""),
        ];
    }
    model
}

/// An import whose rows are in, and which judges what they bear on.
pub fn import_ending(width: u16, height: u16) -> Model {
    let mut model = preview(width, height, Part::Rows, true);
    if let Some(Page::Preview(preview)) = model.pages.last_mut() {
        preview.progress = preview.progress.map(|at| Progress {
            done: 12_480,
            ending: Some(Ending::Judging {
                done: 3_120,
                of: 9_360,
                is_in: true,
            }),
            ..at
        });
    }
    model
}

/// The menu of what a column can mean, narrowed by typing.
pub fn meaning(width: u16, height: u16) -> Model {
    let mut model = preview(width, height, Part::Columns, false);
    let row = |title: &str, note: &str| MenuRow {
        title: title.to_owned(),
        note: note.to_owned(),
        pick: Pick::Field(None),
        current: note == "closed",
    };
    let all = vec![
        row("expected close", "expected_close"),
        row("closed", "closed"),
    ];
    model.overlays.push(Overlay::Menu(Menu {
        kind: MenuKind::Field {
            header: "Close Date".to_owned(),
        },
        title: "What `Close Date` means".to_owned(),
        rows: all.clone(),
        cursor: 0,
        top: 0,
        find: Some(Find {
            input: TextInput::line("clo"),
            all,
        }),
    }));
    model
}
