//! Draws a [`Screen`]: places and colours, nothing else. It cannot write the model, and it draws at
//! any size without a panic.

mod foot;
pub mod glyphs;
mod paint;
mod plot;
pub mod theme;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::screen::doc::{Line, Role};
use crate::app::screen::text::height_of;
use crate::app::screen::{Body, Page, Pane, SHEET_COLUMN, Screen, Sheet, Split};
pub use glyphs::Glyphs;
use paint::Painter;
pub use theme::{Colors, Styles, Theme};

/// Rows from which on one is kept free above the keys, for what just happened.
const ROOMY: u16 = 30;

/// Draws a screen, and puts the terminal's cursor into the text field that has the keys.
pub fn draw(screen: &Screen, styles: &Styles, frame: &mut Frame<'_>) {
    let area = frame.area();
    if let Some(caret) = paint(screen, styles, area, frame.buffer_mut()) {
        frame.set_cursor_position(caret);
    }
}

/// Paints a screen into a buffer. Returns where the caret of the text field is, if there is one.
pub fn paint(screen: &Screen, styles: &Styles, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let mut painter = Painter::new(buf, styles);
    painter.clear(area);
    if area.is_empty() {
        return None;
    }
    if let Body::Sentence(words) = &screen.body {
        painter.lines(area, &[Line::words(0, words.as_str(), Role::Text)], 0);
        return None;
    }
    painter.row(Rect { height: 1, ..area }, &screen.head);
    let below = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(2),
        ..area
    };
    match &screen.body {
        Body::Panes(panes) => draw_panes(&mut painter, below, panes),
        Body::Page(page) => draw_page(&mut painter, below, page),
        Body::Split(split) => draw_split(&mut painter, below, split),
        Body::Sentence(_) => {}
    }
    if let Some(sheet) = &screen.sheet {
        draw_sheet(&mut painter, below, sheet);
    }
    if area.height > 1 {
        draw_last_rows(&mut painter, area, screen);
    }
    painter.caret
}

/// Draws the keys, and above them or in their place what just happened.
fn draw_last_rows(painter: &mut Painter<'_>, area: Rect, screen: &Screen) {
    let last = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    let corner = painter.width(&screen.corner).min(area.width);
    let covered = screen.sheet.is_some() || matches!(screen.body, Body::Page(_) | Body::Split(_));
    let roomy = area.height >= ROOMY && !covered;
    let toast_row = if roomy {
        Rect {
            y: last.y - 1,
            ..last
        }
    } else {
        last
    };
    // What stays in the corner takes its room from whatever else stands in that row.
    let beside = |row: Rect| Rect {
        width: row.width.saturating_sub(if row == last && corner > 0 {
            corner + 2
        } else {
            0
        }),
        ..row
    };
    if screen.toast.is_none() || roomy {
        foot::draw(painter, beside(last), &screen.foot);
    }
    if let Some(toast) = &screen.toast {
        painter.clear(toast_row);
        let row = beside(toast_row);
        let inner = Rect {
            x: area.x + 1,
            width: row.width.saturating_sub(2),
            ..toast_row
        };
        painter.spans(inner, toast);
    }
    let place = Rect {
        x: area.right().saturating_sub(corner + 1).max(area.x),
        width: corner,
        ..last
    };
    painter.spans(place, &screen.corner);
}

fn draw_panes(painter: &mut Painter<'_>, area: Rect, panes: &[Pane]) {
    let free = u16::from(area.height + 2 >= ROOMY);
    let tall = area.height.saturating_sub(free);
    let mut x = area.x;
    for (at, pane) in panes.iter().enumerate() {
        let wide = if at + 1 == panes.len() {
            area.right().saturating_sub(x)
        } else {
            pane.width.min(area.right().saturating_sub(x))
        };
        let title = Rect {
            x,
            width: wide,
            height: tall.min(1),
            ..area
        };
        painter.row(title, &pane.title);
        if tall > 1 {
            painter.rule(
                Rect {
                    y: area.y + 1,
                    ..title
                },
                pane.here,
            );
        }
        let inner = Rect {
            y: area.y.saturating_add(2),
            height: tall.saturating_sub(2),
            ..title
        };
        painter.lines(inner, &pane.lines, pane.scroll);
        x = x.saturating_add(wide);
        if let Some(next) = panes.get(at + 1)
            && x < area.right()
        {
            draw_beside(
                painter,
                Rect {
                    x,
                    width: 1,
                    height: tall,
                    ..area
                },
                pane.here,
                next.here,
            );
            x += 1;
        }
    }
}

/// Draws the rule between two panes.
fn draw_beside(painter: &mut Painter<'_>, area: Rect, left: bool, right: bool) {
    let glyphs = painter.glyphs();
    for y in area.top()..area.bottom() {
        if y == area.y + 1 {
            painter.joint(area.x, y, glyphs.crossing(left || right), left || right);
        } else {
            painter.joint(area.x, y, glyphs.beside(), false);
        }
    }
}

fn draw_page(painter: &mut Painter<'_>, area: Rect, page: &Page) {
    if page.ruled {
        painter.rule(
            Rect {
                height: area.height.min(1),
                ..area
            },
            false,
        );
    }
    let wide = page.column.min(area.width);
    let column = Rect {
        x: area.x + (area.width - wide) / 2,
        width: wide,
        ..area
    };
    let after = height_of(&page.after, wide.saturating_sub(1)) as u16;
    let below = after + 1;
    let inner = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1 + below),
        ..column
    };
    let needed = height_of(&page.lines, wide.saturating_sub(1));
    let spare = usize::from(inner.height).saturating_sub(needed);
    let down = if page.middle { (spare / 3) as u16 } else { 0 };
    let placed = Rect {
        y: inner.y + down,
        height: inner.height - down,
        ..inner
    };
    painter.lines(placed, &page.lines, page.scroll);
    if below <= area.height {
        let y = area.bottom() - below;
        if page.ruled {
            painter.rule(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                false,
            );
        }
        let rows = Rect {
            y: y + 1,
            height: below - 1,
            ..column
        };
        painter.lines(rows, &page.after, 0);
    }
}

/// Draws a list beside what is large, between two rules.
fn draw_split(painter: &mut Painter<'_>, area: Rect, split: &Split) {
    let free = u16::from(split.airy);
    let lower = area.bottom().saturating_sub(1 + free);
    let row = |y: u16| Rect {
        y,
        height: 1,
        ..area
    };
    if area.height < 3 + 2 * free {
        return;
    }
    painter.rule(row(area.y), false);
    painter.rule(row(lower), false);
    let top = area.y + 1 + free;
    let height = lower.saturating_sub(top);
    let mut x = area.x;
    if let Some((wide, lines)) = &split.left {
        let wide = (*wide).min(area.width.saturating_sub(1));
        painter.lines(Rect::new(x, top, wide, height), lines, 0);
        x += wide;
        let glyphs = painter.glyphs();
        painter.joint(x, area.y, glyphs.tee(true), false);
        for y in area.y + 1..lower {
            painter.joint(x, y, glyphs.beside(), false);
        }
        painter.joint(x, lower, glyphs.tee(false), false);
        x += 1;
    }
    let wide = split.column.min(area.right().saturating_sub(x));
    let after = height_of(&split.after, wide.saturating_sub(1));
    let tall = height.saturating_sub(u16::try_from(after).unwrap_or(u16::MAX));
    painter.lines(Rect::new(x, top, wide, tall), &split.right, split.scroll);
    let rest = Rect::new(x, top + tall, wide, height - tall);
    painter.lines(rest, &split.after, 0);
}

fn draw_sheet(painter: &mut Painter<'_>, area: Rect, sheet: &Sheet) {
    let left = if sheet.left < area.width / 2 {
        sheet.left
    } else {
        0
    };
    let wide = area.width - left;
    let column = wide.min(SHEET_COLUMN);
    let after = height_of(&sheet.after, column.saturating_sub(1));
    let needed = height_of(&sheet.lines, column.saturating_sub(1)) + after + 2;
    let tall = if sheet.tall {
        area.height
    } else {
        area.height.min(needed as u16)
    };
    let place = Rect {
        x: area.x + left,
        y: area.bottom() - tall,
        width: wide,
        height: tall,
    };
    painter.clear(place);
    let row = |at: u16| Rect {
        y: place.y + at.min(tall),
        height: tall.saturating_sub(at).min(1),
        ..place
    };
    painter.rule(row(0), true);
    if tall > 1 {
        painter.row(row(1), &sheet.title);
    }
    let after = (after as u16).min(tall.saturating_sub(2));
    let inner = Rect {
        y: place.y.saturating_add(2),
        width: column,
        height: tall.saturating_sub(2 + after),
        ..place
    };
    painter.lines(inner, &sheet.lines, sheet.scroll);
    let rows = Rect {
        y: place.bottom() - after,
        width: column,
        height: after,
        ..place
    };
    painter.lines(rows, &sheet.after, 0);
    if left > 0 {
        let x = place.x - 1;
        let glyphs = painter.glyphs();
        painter.joint(x, place.y, glyphs.crossing(true), true);
        for y in place.y + 1..place.bottom() {
            painter.joint(x, y, glyphs.beside(), false);
        }
    }
}
