//! Text that means harm, and terminals of any size.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use walkaway::app::form::FormKind;
use walkaway::app::layout::{self, Area, Size};
use walkaway::app::model::{Model, Page, Pane, Welcome};
use walkaway::app::preview::{Part, PreviewAssumption, PreviewValue};
use walkaway::app::screen::derive;
use walkaway::domain::line::LineKind;
use walkaway::domain::signal::SignalId;
use walkaway::ui::{Colors, Glyphs, Styles, Theme, paint};

use super::{buffer, cards, deal, pages, sample};

/// Pieces that break careless screens.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\u{1b}[2J\u{1b}]0;owned\u{7}".to_owned()),
        Just("\u{9b}31m\u{0}\u{8}\u{7f}\r\n\t".to_owned()),
        Just("\u{202e}live\u{2066}\u{200b}\u{feff}\u{2028}".to_owned()),
        Just("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".to_owned()),
        Just("👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿漢字한국어".to_owned()),
        Just("x".repeat(300)),
        "\\PC{0,12}",
        any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 1..4).prop_map(|pieces| pieces.concat())
}

/// Puts a text into every field of the deal.
fn poison_detail(model: &mut Model, text: &str) {
    let mut detail = deal::told(Some(text));
    detail.deal.account = Some(text.into());
    detail.deal.title = text.into();
    detail.deal.contact = Some(text.into());
    detail.deal.stage = Some(text.to_owned());
    detail.deal.owner = Some(text.to_owned());
    detail.deal.next_step = Some(text.into());
    detail.deal.description = Some(text.into());
    for touch in &mut detail.touches {
        touch.text = Some(text.into());
        text.clone_into(&mut touch.channel);
    }
    for row in &mut detail.commitments {
        row.what = text.into();
    }
    for row in &mut detail.answers {
        row.evidence = Some(text.into());
    }
    detail.tripwires[0].sentence = text.into();
    model.detail.loaded = Some(Box::new(detail));
}

fn poison_list(model: &mut Model, text: &str) {
    for row in model.list.rows.values_mut() {
        row.account = Some(text.into());
        row.title = text.into();
        row.next_step = Some(text.into());
    }
}

/// Whether a symbol is one that a terminal only draws.
fn is_harmless(symbol: &str) -> bool {
    !symbol.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    })
}

/// Says whether two frames are alike outside a rectangle.
fn same_outside(a: &Buffer, b: &Buffer, hole: Area) -> bool {
    let hole = Rect::new(hole.x, hole.y, hole.width, hole.height);
    a.area
        .positions()
        .filter(|at| !hole.contains(*at))
        .all(|at| a[at] == b[at])
}

fn styles() -> Styles {
    Styles::new(Theme::Dark, Colors::True, Glyphs::Unicode)
}

/// An assumption that quotes a text.
fn assumption(text: &str) -> PreviewAssumption {
    PreviewAssumption {
        column: None,
        reading: text.to_owned(),
        example: Some(text.into()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn hostile_text_stays_in_its_pane(text in text()) {
        let plain = buffer(&sample::cockpit(120, 36), &styles());
        let panes = layout::cockpit(
            Size { width: 120, height: 36 }, Pane::List, Pane::Detail, false,
        );
        let mut model = sample::cockpit(120, 36);
        poison_list(&mut model, &text);
        let listed = buffer(&model, &styles());
        prop_assert!(same_outside(&plain, &listed, panes.list.unwrap()));

        let mut model = sample::cockpit(120, 36);
        poison_detail(&mut model, &text);
        let drawn = buffer(&model, &styles());
        let list = panes.list.unwrap();
        // The title over the deal counts the lines that do not fit.
        let right = Area {
            x: list.width + 1,
            y: 1,
            width: 120 - list.width - 1,
            height: list.height + list.y - 1,
        };
        prop_assert!(same_outside(&plain, &drawn, right));
        // Nor does it cross from the deal to the checklist: the rule between them stands.
        let rule = panes.checklist.unwrap().x - 1;
        prop_assert!((3..34).all(|y| drawn[(rule, y)].symbol() == "│"));
    }

    #[test]
    fn nothing_but_text_reaches_a_cell(text in text(), ascii: bool) {
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        let styles = Styles::new(Theme::Dark, Colors::True, glyphs);
        let mut models = vec![
            sample::cockpit(80, 24),
            pages::walk(80, 24, "PWR1", None),
            pages::sheet(80, 24, FormKind::Fire, &[2]),
            pages::sheet(80, 24, FormKind::Edit, &[2]),
            pages::preview(80, 24, Part::Rows, false),
        ];
        models.extend((0..cards::PAGES).map(|which| cards::page(80, 24, which, Some(&text))));
        for model in &mut models {
            poison_list(model, &text);
            poison_detail(model, &text);
            model.who.clone_from(&text);
            model.list.query.text.clone_from(&text);
            if let Some(Page::Preview(preview)) = model.pages.last_mut() {
                let data = preview.data.as_mut().unwrap();
                data.files[0].name.clone_from(&text);
                data.assumptions.insert(0, assumption(&text));
                data.rows[1].changes[0].field.clone_from(&text);
                data.rows[1].changes[0].theirs = PreviewValue::Text(text.as_str().into());
                data.rows[0].name = text.as_str().into();
                data.columns[0].header.clone_from(&text);
            }
            let drawn = buffer(model, &styles);
            for cell in drawn.content() {
                prop_assert!(is_harmless(cell.symbol()), "{:?}", cell.symbol());
                prop_assert!(!ascii || cell.symbol().is_ascii(), "{:?}", cell.symbol());
            }
            prop_assert!(is_harmless(&derive(model).window_title));
        }
    }

    #[test]
    fn no_size_is_too_small_or_too_large(
        width in 0_u16..260,
        height in 0_u16..100,
        text in text(),
        which in 0_usize..10 + cards::PAGES,
    ) {
        draw_at(width, height, &text, which);
    }
}

#[test]
fn the_edges_of_sizes_hold() {
    let sizes = [
        (0, 0),
        (1, 1),
        (0, 200),
        (500, 0),
        (500, 1),
        (59, 16),
        (60, 16),
        (79, 17),
    ];
    for (width, height) in sizes {
        for which in 0..10 + cards::PAGES {
            draw_at(width, height, "漢字 x", which);
        }
    }
    draw_at(500, 200, "漢字 x", 0);
    draw_at(500, 200, "漢字 x", 3);
}

/// Draws one of the screens at a size, and at another one: a frame may be drawn before the news
/// of its size came.
fn draw_at(width: u16, height: u16, text: &str, which: usize) {
    let mut model = match which {
        0 => sample::cockpit(width, height),
        1 => {
            let mut model = sample::empty(width, height);
            model.pages = vec![Page::Welcome(Welcome::default())];
            model
        }
        2 => pages::walk(width, height, "PRO1", None),
        3 => pages::sheet(width, height, FormKind::Fire, &[2]),
        4 => pages::palette(width, height),
        5 => pages::help(width, height),
        6 => pages::journal(width, height, true),
        7 => deal::opened(width, height, SignalId::TheirWord),
        8 => deal::line(width, height, LineKind::Touch, text, true),
        9 => pages::preview(width, height, Part::Columns, false),
        card => cards::page(width, height, card - 10, Some(text)),
    };
    poison_detail(&mut model, text);
    let screen = derive(&model);
    for (width, height) in [(width, height), (height, width.min(100)), (37, 9)] {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        paint(&screen, &styles(), area, &mut buf);
    }
}
