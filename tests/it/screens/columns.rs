//! Columns that stand side by side never run into each other.

use walkaway::domain::deal::{Decision, ListRow};
use walkaway::domain::eval::Due;
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::query::Order;
use walkaway::ui::{Colors, Glyphs, Styles, Theme};

use super::{buffer, sample};

const NAMES: [&str; 5] = [
    "A",
    "Trey Research of the North and Partners",
    "株式会社三菱電機製作所東京本社",
    "👩‍👩‍👧‍👦 family 漢字 and one more",
    "Ünïcödé e\u{301}e\u{301}e\u{301} Gesellschaft",
];

const SILENT: [Option<i64>; 6] = [None, Some(7), Some(99), Some(111), Some(999), Some(12_345)];

/// Rows with each word that can stand behind a name, each name and each number of days.
fn rows() -> Vec<ListRow> {
    let mut rows: Vec<ListRow> = Vec::new();
    for name in NAMES {
        let mut each = |make: &dyn Fn(sample::Sample) -> ListRow| {
            for silent in SILENT {
                let id = rows.len() as i64 + 1;
                rows.push(make(sample::deal(id, name, silent)));
            }
        };
        for due in Due::ALL {
            each(&|deal| deal.due(due).row());
        }
        for question in sample::bank().questions() {
            each(&|deal| deal.fire(&question.id).row());
            each(&|deal| deal.ask(&question.id).row());
        }
        for by in ["2026-11-20", "2026-08-01", "2026-11-27", "2028-09-29"] {
            each(&|deal| deal.asked(by).row());
            each(&|deal| deal.goes_on("offer of the second stage", by).row());
        }
        for decision in [Decision::Fired, Decision::Hold, Decision::Continued] {
            for day in ["2026-09-29", "2024-09-29"] {
                each(&|deal| ListRow {
                    decision,
                    decided: Some(sample::day(day)),
                    ..deal.row()
                });
            }
        }
    }
    for (at, row) in rows.iter_mut().enumerate() {
        let minor = [100, 4_800_000, 99_949_999, 123_456_789_012, i64::MAX];
        row.amount = Some(Money::new(minor[at % minor.len()], Currency::parse("EUR")));
    }
    rows
}

/// Whether the words of two columns that meet at a cell touch in some row of the list.
fn touching(width: u16, height: u16, flat: bool) -> Vec<String> {
    // Where columns begin, from the left of the list; the last cell before its rule is free.
    let (list, begins): (u16, &[u16]) = match width {
        80 => (34, &[17, 29]),
        120 => (36, &[19, 31]),
        _ => (56, &[26, 42, 50]),
    };
    let styles = Styles::new(Theme::Dark, Colors::True, Glyphs::Unicode);
    let all = rows();
    let page = usize::from(height) - 6;
    let mut wrong = Vec::new();
    for rows in all.chunks(page) {
        let mut model = sample::cockpit(width, height);
        model.list.ids = rows.iter().map(|row| row.id.short()).collect();
        model.list.loaded = 0..rows.len();
        model.list.rows = rows
            .iter()
            .map(|row| (row.id.short(), row.clone()))
            .collect();
        model.list.moved.clear();
        model.list.cursor = 0;
        if flat {
            model.list.groups.clear();
            model.list.query.order = Order::Amount;
        } else {
            model.list.groups.truncate(1);
            model.list.groups[0].count = rows.len();
        }
        let drawn = buffer(&model, &styles);
        for y in 3..height - 2 {
            let is_blank = |x: u16| drawn[(x, y)].symbol().trim().is_empty();
            let is_row = (1..list).any(|x| !is_blank(x));
            let meets = |begin: &&u16| !is_blank(**begin - 1) && !is_blank(**begin);
            if is_row && begins.iter().any(|begin| meets(&begin)) {
                let text = (0..list).map(|x| drawn[(x, y)].symbol().to_owned());
                wrong.push(text.collect::<String>());
            }
        }
    }
    wrong
}

#[test]
fn no_two_columns_of_the_list_touch() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        for flat in [false, true] {
            let wrong = touching(width, height, flat);
            assert!(wrong.is_empty(), "{width}: {wrong:#?}");
        }
    }
}

#[test]
fn long_words_and_many_days_keep_their_gap() {
    let mut model = sample::cockpit(120, 36);
    let late = sample::deal(1, "Trey Research", Some(111))
        .due(Due::Nurture)
        .row();
    model.list.rows.insert(1, late);

    let shown = super::look(&model);

    let row = shown.lines().find(|line| line.contains("Trey")).unwrap();
    assert!(row.contains("nurture     111d"), "{row}");
}
