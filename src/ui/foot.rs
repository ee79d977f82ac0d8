//! The row of keys: whole hints only, the least needed dropped first.

use ratatui::layout::Rect;

use super::paint::Painter;
use crate::app::screen::doc::{Role, Span};
use crate::app::screen::{Foot, Hint};

/// Columns from which on hints stand apart, and groups have their names.
const AIRY: u16 = 98;

/// Hints below this rank are not dropped for the sake of air.
const NEEDED: u8 = 40;

/// Draws the hints that fit.
pub fn draw(painter: &mut Painter<'_>, area: Rect, foot: &Foot) {
    let room = area.width.saturating_sub(2);
    let inner = Rect {
        x: area.x.saturating_add(1).min(area.right()),
        width: room,
        ..area
    };
    let (left, right) = fitting(painter, foot, room);
    painter.spans(inner, &left);
    let wide = painter.width(&right).min(room);
    painter.spans(
        Rect {
            x: inner.right() - wide,
            width: wide,
            ..inner
        },
        &right,
    );
}

/// The hints at the left and at the right edge that fit into a width together.
fn fitting(painter: &Painter<'_>, foot: &Foot, room: u16) -> (Vec<Span>, Vec<Span>) {
    let mut left: Vec<&Hint> = foot.left.iter().collect();
    let mut right: Vec<&Hint> = foot.right.iter().collect();
    let mut airy = room >= AIRY;
    loop {
        let (at_left, at_right) = (wide(painter, &left, airy), wide(painter, &right, airy));
        let between = if left.is_empty() || right.is_empty() {
            0
        } else {
            2
        };
        if at_left.saturating_add(between).saturating_add(at_right) <= room {
            return (spans(&left, airy), spans(&right, airy));
        }
        let Some(rank) = left.iter().chain(&right).map(|hint| hint.rank).max() else {
            return (Vec::new(), Vec::new());
        };
        if airy && rank < NEEDED {
            // What is left is worth more than the air between it.
            airy = false;
            continue;
        }
        // Of equal ranks the last one goes first.
        if let Some(at) = right.iter().rposition(|hint| hint.rank == rank) {
            right.remove(at);
        } else if let Some(at) = left.iter().rposition(|hint| hint.rank == rank) {
            left.remove(at);
        }
    }
}

/// Cells that hints take in a row.
fn wide(painter: &Painter<'_>, hints: &[&Hint], airy: bool) -> u16 {
    let mut wide = 0_u16;
    pieces(hints, airy, |words, _| {
        wide = wide.saturating_add(painter.cells(words));
    });
    wide
}

/// Hints in a row.
fn spans(hints: &[&Hint], airy: bool) -> Vec<Span> {
    let mut spans = Vec::with_capacity(hints.len() * 6);
    pieces(hints, airy, |words, role| {
        spans.push(Span::new(words, role));
    });
    spans
}

/// Goes through hints in a row; with room to spare those of a group stand together behind its
/// name.
fn pieces<'f>(hints: &[&'f Hint], airy: bool, mut each: impl FnMut(&'f str, Role)) {
    let mut last = None;
    for (at, hint) in hints.iter().enumerate() {
        let joins = hint.group.is_some() && hint.group == last;
        if at > 0 {
            each(if airy && !joins { "   " } else { "  " }, Role::Text);
        }
        if let Some(group) = hint.group
            && airy
            && !joins
        {
            each(group, Role::Text);
            each(": ", Role::Text);
        }
        each(&hint.key, Role::Key);
        each(" ", Role::Text);
        each(&hint.word, Role::Text);
        last = hint.group;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::ui::{Colors, Glyphs, Styles, Theme};

    fn foot() -> Foot {
        let decide = |key, word| Hint {
            group: Some("decide"),
            ..Hint::new(key, word, 1)
        };
        Foot {
            left: vec![
                Hint::new("⏎", "questions", 2),
                decide("F", "fire"),
                decide("H", "hold"),
                Hint::new("t", "touch", 9),
                Hint::new("?", "help", 0),
            ],
            right: vec![Hint::new("u", "undo", 3)],
        }
    }

    fn drawn(width: u16, glyphs: Glyphs) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        let styles = Styles::new(Theme::Dark, Colors::True, glyphs);
        draw(&mut Painter::new(&mut buf, &styles), area, &foot());
        buf.content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn hints_are_whole_and_the_least_needed_goes_first() {
        let at = |width| drawn(width, Glyphs::Unicode);

        let wide = at(100);
        assert!(
            wide.starts_with(" ⏎ questions   decide: F fire  H hold   t touch   ? help   "),
            "{wide}"
        );
        assert!(wide.ends_with("   u undo "), "{wide}");
        assert_eq!(
            at(54),
            " ⏎ questions  F fire  H hold  t touch  ? help  u undo "
        );
        assert_eq!(at(48), " ⏎ questions  F fire  H hold  ? help     u undo ");
        assert_eq!(at(40), " ⏎ questions  F fire  H hold  ? help    ");
        assert_eq!(at(9), " ? help  ");
        assert_eq!(at(5), "     ");
    }

    #[test]
    fn names_of_keys_are_measured_as_they_are_drawn() {
        assert_eq!(
            drawn(56, Glyphs::Ascii),
            " Enter questions  F fire  H hold  ? help         u undo "
        );
    }
}
