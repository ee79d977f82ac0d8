//! Puts lines of a document into cells of the terminal, inside the rectangle they are given.

use std::borrow::Cow;

use ratatui::buffer::{self, Buffer};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::glyphs::Glyphs;
use super::plot;
use super::theme::Styles;
use crate::app::screen::doc::{Cell, Content, Line, Para, Picked, Piece, Role, Row, Span, Width};
use crate::app::screen::text::{seen, width, wrap};

/// Cells up to which a cell holds a sign and is no column.
const COLUMN: u16 = 2;

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}')
}

/// Paints into a buffer and remembers where the caret of a text field came to stand.
pub struct Painter<'a> {
    buf: &'a mut Buffer,
    styles: &'a Styles,
    /// Where the terminal's cursor belongs; `None` hides it.
    pub caret: Option<Position>,
}

impl<'a> Painter<'a> {
    /// Makes a painter.
    pub fn new(buf: &'a mut Buffer, styles: &'a Styles) -> Self {
        Self {
            buf,
            styles,
            caret: None,
        }
    }

    /// The glyph set in use.
    pub fn glyphs(&self) -> Glyphs {
        self.styles.glyphs
    }

    /// Cells that spans take in the glyph set in use.
    pub fn width(&self, spans: &[Span]) -> u16 {
        spans.iter().fold(0_u16, |sum, span| {
            sum.saturating_add(width(&self.symbols(span)))
        })
    }

    /// Cells that words take in the glyph set in use.
    pub fn cells(&self, words: &str) -> u16 {
        width(&self.styles.glyphs.text(words))
    }

    /// Fills a rectangle with blanks.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        if area.is_empty() {
            return;
        }
        let style = self
            .styles
            .ground
            .unwrap_or_default()
            .patch(self.styles.of(Role::Text));
        let mut blank = buffer::Cell::EMPTY;
        blank.set_style(style);
        for y in area.top()..area.bottom() {
            let from = self.buf.index_of(area.left(), y);
            self.buf.content[from..from + usize::from(area.width)].fill(blank.clone());
        }
    }

    /// Paints lines from the top of a rectangle, less the rows that are scrolled away. Returns the
    /// rows that were used.
    pub fn lines(&mut self, area: Rect, lines: &[Line], scroll: usize) -> u16 {
        let mut skip = scroll;
        let mut y = area.top();
        for line in lines {
            if y >= area.bottom() {
                break;
            }
            match line {
                Line::Para(para) => {
                    for (at, spans) in self.broken(para, area.width).iter().enumerate() {
                        if skip > 0 {
                            skip -= 1;
                        } else if y < area.bottom() {
                            let indent = if at == 0 { para.indent } else { para.hang };
                            let x = area.left().saturating_add(indent);
                            self.spans(Rect::new(x, y, area.right().saturating_sub(x), 1), spans);
                            y += 1;
                        }
                    }
                }
                Line::Plot(plot) => {
                    let hidden = skip.min(usize::from(plot.height)) as u16;
                    skip -= usize::from(hidden);
                    let room = area.bottom() - y;
                    let tall = (plot.height - hidden).min(room);
                    let place = Rect::new(area.left(), y, area.width, tall);
                    plot::draw(self.buf, self.styles, place, plot, hidden);
                    y += tall;
                }
                Line::Blank | Line::Row(_) | Line::Rule if skip > 0 => skip -= 1,
                Line::Blank => y += 1,
                Line::Row(row) => {
                    self.row(Rect::new(area.left(), y, area.width, 1), row);
                    y += 1;
                }
                Line::Rule => {
                    self.rule(Rect::new(area.left(), y, area.width, 1), false);
                    y += 1;
                }
            }
        }
        y - area.top()
    }

    /// Breaks a paragraph with the glyphs in use, keeping one cell free at the right.
    fn broken(&self, para: &Para, width: u16) -> Vec<Vec<Span>> {
        let cells = width.saturating_sub(1);
        match self.styles.glyphs {
            Glyphs::Unicode => wrap(para, cells),
            Glyphs::Ascii => {
                let spans = para.spans.iter().map(|span| self.resolved(span)).collect();
                wrap(&Para { spans, ..*para }, cells)
            }
        }
    }

    /// A span whose text is as the glyph set has it; signs stay.
    fn resolved(&self, span: &Span) -> Span {
        match &span.piece {
            Piece::Words(words) => match self.styles.glyphs.text(words) {
                Cow::Borrowed(_) => span.clone(),
                Cow::Owned(words) => Span::new(words, span.role),
            },
            Piece::Sign(_) => span.clone(),
        }
    }

    /// Paints a horizontal rule.
    pub fn rule(&mut self, area: Rect, here: bool) {
        let glyphs = self.styles.glyphs;
        let (symbol, role) = if here {
            (glyphs.rule_here(), Role::RuleHere)
        } else {
            (glyphs.rule(), Role::Rule)
        };
        let style = self.styles.of(role);
        for x in area.left()..area.right() {
            self.put(x, area.y, symbol, style);
        }
    }

    /// Paints one cell with a rule's sign.
    pub fn joint(&mut self, x: u16, y: u16, symbol: &str, here: bool) {
        let style = self
            .styles
            .of(if here { Role::RuleHere } else { Role::Rule });
        self.put(x, y, symbol, style);
    }

    fn put(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if let Some(cell) = self.buf.cell_mut(Position::new(x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Paints a row of cells over the whole width of a rectangle.
    pub fn row(&mut self, area: Rect, row: &Row) {
        let base = match row.picked {
            Picked::No => None,
            Picked::There => Some(self.styles.of(Role::Strong)),
            Picked::Here => Some(self.styles.of(Role::Here)),
        };
        if row.picked == Picked::Here {
            self.buf
                .set_style(area.intersection(self.buf.area), self.styles.of(Role::Here));
        }
        let ascii = self.styles.glyphs == Glyphs::Ascii;
        let left = area.left().saturating_add(row.indent).min(area.right());
        let inner = area.right().saturating_sub(left).saturating_sub(1);
        let widths = self.widths(row, inner);
        let mut x = left;
        let edge = left.saturating_add(inner);
        for (at, (cell, wide)) in row.cells.iter().zip(&widths).enumerate() {
            let wide = (*wide).min(edge.saturating_sub(x));
            let room = if self.touches(row, &widths, at) {
                wide.saturating_sub(1)
            } else {
                wide
            };
            if room > 0 {
                self.cell(Rect::new(x, area.y, room, 1), cell, base);
            }
            x = x.saturating_add(wide);
        }
        let marked = row.picked == Picked::There || (ascii && row.picked == Picked::Here);
        if marked && area.width > 0 {
            let style = base.unwrap_or_default();
            self.put(area.left(), area.y, self.styles.glyphs.selected(), style);
        }
    }

    /// Whether the text of a column would run into that of the next: then its last cell is the
    /// gap.
    fn touches(&self, row: &Row, widths: &[u16], at: usize) -> bool {
        let (cell, wide) = (&row.cells[at], widths[at]);
        let Content::Spans(spans) = &cell.content else {
            return false;
        };
        let is_column = cell.width != Width::Fit && wide > COLUMN;
        let own = self.width(spans);
        let has_gap = own < wide || (own == wide && self.ends(spans).is_none_or(is_gap));
        if !is_column || has_gap {
            return false;
        }
        let mut rest = row.cells.iter().zip(widths).skip(at + 1);
        let next = rest.find(|(_, wide)| **wide > 0);
        next.is_some_and(|(next, wide)| match &next.content {
            Content::Spans(spans) => {
                let begins = spans.iter().map(|span| self.symbols(span));
                let first = begins.fold(None, |first, text| first.or(text.chars().next()));
                let is_shifted = next.right && self.width(spans) < *wide;
                !is_shifted && first.is_some_and(|first| !is_gap(first))
            }
            Content::Range { .. }
            | Content::Share(_)
            | Content::Stack { .. }
            | Content::Input { .. } => true,
        })
    }

    /// The last character of spans.
    fn ends(&self, spans: &[Span]) -> Option<char> {
        let texts = spans.iter().rev().map(|span| self.symbols(span));
        texts.fold(None, |last, text| last.or(text.chars().next_back()))
    }

    /// Shares a width among the cells of a row.
    fn widths(&self, row: &Row, inner: u16) -> Vec<u16> {
        let mut widths: Vec<u16> = Vec::with_capacity(row.cells.len());
        let mut fills = 0;
        for cell in &row.cells {
            widths.push(match cell.width {
                Width::Fixed(wide) => wide,
                Width::Fit => self.measure(&cell.content),
                Width::Fill => {
                    fills += 1;
                    0
                }
            });
        }
        let taken = widths
            .iter()
            .fold(0_u16, |sum, wide| sum.saturating_add(*wide));
        let mut rest = inner.saturating_sub(taken);
        for (cell, wide) in row.cells.iter().zip(&mut widths) {
            if cell.width == Width::Fill {
                *wide = rest / fills;
                rest -= *wide;
                fills -= 1;
            }
        }
        widths
    }

    fn measure(&self, content: &Content) -> u16 {
        match content {
            Content::Spans(spans) => self.width(spans),
            Content::Range { .. } | Content::Share(_) | Content::Stack { .. } => 20,
            Content::Input { text, .. } => width(text),
        }
    }

    /// What a span looks like in the glyph set in use.
    fn symbols<'s>(&self, span: &'s Span) -> Cow<'s, str> {
        match &span.piece {
            Piece::Words(words) => self.styles.glyphs.text(words),
            Piece::Sign(glyph) => Cow::Borrowed(self.styles.glyphs.sign(*glyph)),
        }
    }

    fn cell(&mut self, area: Rect, cell: &Cell, base: Option<Style>) {
        match &cell.content {
            Content::Spans(spans) => {
                let wide = self.measure(&cell.content);
                let shift = if cell.right {
                    area.width.saturating_sub(wide)
                } else {
                    0
                };
                let inner = Rect {
                    x: area.x + shift,
                    width: area.width - shift,
                    ..area
                };
                self.spans_over(inner, spans, base);
            }
            Content::Range { lo, hi } => self.range(area, *lo, *hi, base),
            Content::Share(share) => self.share(area, *share, base),
            Content::Stack {
                parts,
                line,
                beyond,
                here,
            } => self.stack(area, (parts, *line, beyond), *here, base),
            Content::Input { text, caret } => self.input(area, text, *caret),
        }
    }

    /// Paints spans into one row of cells, cut with `…` where they do not fit.
    pub fn spans(&mut self, area: Rect, spans: &[Span]) {
        self.spans_over(area, spans, None);
    }

    fn spans_over(&mut self, area: Rect, spans: &[Span], base: Option<Style>) {
        let area = area.intersection(self.buf.area);
        if area.is_empty() {
            return;
        }
        let mut x = area.left();
        let mut last = (x, Style::new());
        for span in spans {
            let own = self.styles.of(span.role);
            // On the selected row colours give way to the bar, weight stays.
            let style = base.map_or(own, |base| {
                base.add_modifier(own.add_modifier & (Modifier::BOLD | Modifier::UNDERLINED))
            });
            let text = self.symbols(span);
            for grapheme in seen(&text) {
                let wide = width(grapheme);
                if wide == 0 || grapheme.contains(char::is_control) {
                    continue;
                }
                if x + wide > area.right() {
                    // The cell that was painted last becomes the mark; a wide one leaves a blank.
                    let at = if x < area.right() { x } else { last.0 };
                    self.put_wide(at, area, (self.styles.glyphs.cut(), 1), last.1);
                    return;
                }
                last = (x, style);
                // A space that does not break is a space all the same once it stands.
                let symbol = if grapheme == "\u{a0}" { " " } else { grapheme };
                self.put_wide(x, area, (symbol, wide), style);
                x += wide;
            }
        }
    }

    /// Puts a grapheme of so many cells, and blanks those behind its first.
    fn put_wide(&mut self, x: u16, area: Rect, (symbol, wide): (&str, u16), style: Style) {
        self.put(x, area.y, symbol, style);
        for next in x + 1..(x + wide.max(1)).min(area.right()) {
            if let Some(cell) = self.buf.cell_mut(Position::new(next, area.y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }

    fn range(&mut self, area: Rect, lo: f64, hi: f64, base: Option<Style>) {
        let (full, empty) = self.styles.glyphs.range();
        let place =
            |value: f64| (value.clamp(0.0, 100.0) / 100.0 * f64::from(area.width)).round() as u16;
        let (mut from, mut to) = (place(lo), place(hi));
        if from >= to {
            // A range of one point still shows where it is.
            from = from.min(area.width.saturating_sub(1));
            to = from + 1;
        }
        for at in 0..area.width {
            let (symbol, role) = if (from..to).contains(&at) {
                (full, Role::Bar)
            } else {
                (empty, Role::BarRest)
            };
            let style = base.unwrap_or_else(|| self.styles.of(role));
            self.put(area.x + at, area.y, symbol, style);
        }
    }

    fn share(&mut self, area: Rect, share: f64, base: Option<Style>) {
        let (full, empty) = self.styles.glyphs.share();
        let filled = (share.clamp(0.0, 1.0) * f64::from(area.width)).round() as u16;
        for at in 0..area.width {
            let (symbol, role) = if at < filled {
                (full, Role::Bar)
            } else {
                (empty, Role::BarRest)
            };
            let style = base.unwrap_or_else(|| self.styles.of(role));
            self.put(area.x + at, area.y, symbol, style);
        }
    }

    /// Paints parts side by side as one thin line, with a mark where each of them begins, and the
    /// line that they may reach.
    fn stack(
        &mut self,
        area: Rect,
        (parts, line, beyond): (&[f64], f64, &[f64]),
        here: Option<usize>,
        base: Option<Style>,
    ) {
        let glyphs = self.styles.glyphs;
        let (full, empty) = glyphs.range();
        let place = |share: f64| (share.clamp(0.0, 1.0) * f64::from(area.width)).round() as u16;
        let line_at = place(line).min(area.width.saturating_sub(1));
        let style = |painter: &Self, role| base.unwrap_or_else(|| painter.styles.of(role));
        for x in 0..area.width {
            let (symbol, role) = if x == line_at {
                (glyphs.beside(), Role::Strong)
            } else {
                (empty, Role::BarRest)
            };
            self.put(area.x + x, area.y, symbol, style(self, role));
        }
        let sides = [
            (parts, 0.0, 0, 0..line_at, (full, Role::Text)),
            (
                beyond,
                line,
                parts.len(),
                line_at + 1..area.width,
                (glyphs.rule(), Role::Quiet),
            ),
        ];
        for (parts, start, first, room, (symbol, role)) in sides {
            let mut sum = start;
            let mut from = room.start;
            for (at, part) in parts.iter().enumerate() {
                sum += part.max(0.0);
                let to = place(sum).clamp(from, room.end.max(from));
                let role = if here == Some(first + at) {
                    Role::Accent
                } else {
                    role
                };
                for x in from..to {
                    let begins = x == from && from > room.start;
                    let symbol = if begins {
                        glyphs.crossing(first == 0)
                    } else {
                        symbol
                    };
                    self.put(area.x + x, area.y, symbol, style(self, role));
                }
                from = to;
            }
        }
    }

    /// Paints a text field, shifted so that its caret is in sight.
    fn input(&mut self, area: Rect, text: &str, caret: Option<u16>) {
        let role = if caret.is_some() {
            Role::InputHere
        } else {
            Role::Input
        };
        let style = self.styles.of(role);
        self.buf.set_style(area.intersection(self.buf.area), style);
        let text = self.styles.glyphs.text(text);
        let last = area.width.saturating_sub(1);
        let shift = caret.map_or(0, |at| at.saturating_sub(last));
        let (mut at, mut byte) = (0_u16, 0);
        let mut rest = "";
        for grapheme in seen(&text) {
            if at >= shift {
                rest = &text[byte..];
                break;
            }
            at = at.saturating_add(width(grapheme));
            byte += grapheme.len();
        }
        if shift == 0 {
            rest = &text;
        }
        let shown = Span::new(rest, role);
        self.spans(area, std::slice::from_ref(&shown));
        if let Some(caret) = caret {
            let x = area.x + caret.saturating_sub(at.max(shift)).min(last);
            let place = Position::new(x, area.y);
            if self.buf.area.contains(place) {
                self.caret = Some(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Colors, Theme};

    /// A row as it is painted, without the blanks at its end.
    fn painted(row: &Row) -> String {
        let area = Rect::new(0, 0, 24, 1);
        let mut buf = Buffer::empty(area);
        let styles = Styles::new(Theme::Dark, Colors::True, Glyphs::Unicode);
        Painter::new(&mut buf, &styles).row(area, row);
        let symbols = buf.content.iter().map(ratatui::buffer::Cell::symbol);
        symbols.collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn what_is_laid_along_a_line_shows_where_each_begins_and_what_is_too_much() {
        let stack = |beyond: Vec<f64>, line| Content::Stack {
            parts: vec![0.25, 0.125, 0.0],
            line,
            beyond,
            here: Some(1),
        };
        let drawn = |content: Content, glyphs| {
            let area = Rect::new(0, 0, 24, 1);
            let mut buf = Buffer::empty(area);
            let styles = Styles::new(Theme::Dark, Colors::None, glyphs);
            let row = Row::new(0).cell(Width::Fill, content);
            Painter::new(&mut buf, &styles).row(area, &row);
            let symbols = buf.content.iter().map(ratatui::buffer::Cell::symbol);
            symbols.collect::<String>().trim_end().to_owned()
        };
        let fits = || stack(Vec::new(), 1.0);
        let too_much = || stack(vec![0.25, 0.125], 0.625);

        assert_eq!(drawn(fits(), Glyphs::Unicode), "━━━━━━┿━━·············│");
        assert_eq!(drawn(fits(), Glyphs::Ascii), "======+==.............|");
        assert_eq!(
            drawn(too_much(), Glyphs::Unicode),
            "━━━━━━┿━━·····│─────┼──"
        );
        assert_eq!(drawn(too_much(), Glyphs::Ascii), "======+==.....|-----+--");
    }

    #[test]
    fn a_column_that_is_full_leaves_a_gap_before_the_next() {
        let of = |left: &str, right: &str| painted(&Row::new(0).fixed(6, left).fixed(6, right));

        assert_eq!(of("nurtu", "111d"), "nurtu 111d");
        assert_eq!(of("nurtur", "111d"), "nurt… 111d");
        assert_eq!(of("nurture", "111d"), "nurt… 111d");
        assert_eq!(
            of("nurtur", " 11d"),
            "nurtur 11d",
            "the next brings its gap"
        );
        assert_eq!(of("nurtur", ""), "nurtur", "nothing stands there");
        assert_eq!(of("nurture ", "111d"), "nurt… 111d", "its own gap was cut");
        // A wide character has two cells.
        assert_eq!(of("漢字漢", "111d"), "漢 字 … 111d");
    }

    #[test]
    fn a_gap_is_kept_where_a_column_keeps_to_its_right_edge() {
        let row = |right: &str| painted(&Row::new(0).fixed(6, "nurtur").right(5, right));

        assert_eq!(row("111d"), "nurtur 111d");
        assert_eq!(row("1111d"), "nurt… 1111d");
        let filled = painted(&Row::new(0).fill("a name that is long").right(5, "1111d"));
        assert_eq!(filled, "a name that is l… 1111d");
    }

    #[test]
    fn a_sign_stands_close_to_its_words() {
        assert_eq!(painted(&Row::new(0).fixed(1, "!").fill("due")), "!due");
    }
}
