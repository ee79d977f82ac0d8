//! What one's own past tells.

use walkaway::app::insights::InsightsPage;
use walkaway::app::model::{Model, Page};
use walkaway::domain::deal::ListRow;
use walkaway::domain::insights::{Bar, Insight, InsightId, Plot, Series};
use walkaway::ui::Glyphs;

use super::{look, sample};

fn bar(deals: u32) -> Bar {
    Bar {
        value: f64::from(deals),
        deals: (1..=deals).collect(),
    }
}

fn series(name: &'static str, bars: [u32; 7]) -> Series {
    Series {
        name,
        bars: bars.map(bar).into(),
    }
}

fn all() -> Vec<Insight> {
    let places = ["0-7", "8-30", "31-60", "61-90", "91-180", "181-365", ">365"];
    vec![
        Insight {
            id: InsightId::DaysToNo,
            sentence: "A no took 34 days (half of them 12 to 80), a yes 92 days (half of them 61 \
                       to 140): medians of 41 deals fired and 29 deals won."
                .to_owned(),
            plot: Some(Plot {
                across: "days from the deal's first day",
                up: "deals",
                places: places.map(str::to_owned).into(),
                series: vec![
                    series("no", [6, 12, 9, 7, 4, 3, 0]),
                    series("yes", [0, 2, 5, 8, 9, 4, 1]),
                ],
            }),
        },
        Insight {
            id: InsightId::Promises,
            sentence: "8 promises that fell due are needed before this tells anything; 2 so far."
                .to_owned(),
            plot: None,
        },
    ]
}

/// The page on its first insight, its second bar opened or not.
pub fn page(width: u16, height: u16, opened: bool) -> Model {
    let mut model = sample::cockpit(width, height);
    let rows: Vec<ListRow> = model.list.rows.values().take(5).cloned().collect();
    let mut page = InsightsPage::default();
    page.take(all());
    page.cursor = 2;
    if opened {
        assert!(page.open().is_some());
        let opened = page.opened.as_mut().expect("it was opened");
        opened.rows = Some(rows);
    }
    model.pages.push(Page::Insights(page));
    model
}

#[test]
fn one_insight_has_its_sentence_its_axes_and_a_bar_for_each_figure() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let shown = look(&page(width, height, false));
        for words in [
            "Days to no, days to yes",
            "1 of 2",
            "A no took 34 days",
            "8-30",
            "12",
        ] {
            assert!(shown.contains(words), "{words} is not there\n{shown}");
        }
        assert!(shown.contains("days from the deal's first day"), "{shown}");
    }
}

#[test]
fn a_bar_opens_to_its_deals() {
    let shown = look(&page(80, 24, true));

    assert!(shown.contains("12 deals"), "{shown}");
    assert!(shown.contains("8-30 no"), "{shown}");
}

#[test]
fn too_little_says_what_is_missing_and_draws_nothing() {
    let mut model = page(80, 24, false);
    if let Some(Page::Insights(page)) = model.pages.last_mut() {
        page.go(1);
    }

    let shown = look(&model);

    assert!(shown.contains("2 so far"), "{shown}");
    assert!(!shown.contains("deals from"), "{shown}");
}

#[test]
fn in_ascii_it_is_ascii() {
    let mut model = page(80, 24, false);
    model.ascii = true;
    let styles = walkaway::ui::Styles::new(
        walkaway::ui::Theme::Dark,
        walkaway::ui::Colors::None,
        Glyphs::Ascii,
    );

    let shown = super::rows(&super::buffer(&model, &styles));

    assert!(shown.is_ascii(), "{shown}");
}
