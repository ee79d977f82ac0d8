use std::num::NonZero;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;
use crate::app::desk::Desk;
use crate::app::screen;
use crate::ui::{self, Colors, Glyphs, Styles, Theme};

const AREA: Rect = Rect::new(0, 0, 24, 4);

/// What the change from one frame to the next is sent as.
fn sent(pen: &mut Pen, from: &Buffer, to: &Buffer) -> String {
    let mut out = Vec::new();
    pen.write(from.diff(to).into_iter(), &mut out);
    String::from_utf8(out).unwrap()
}

/// What the library's own writer sends.
fn of_the_library(from: &Buffer, to: &Buffer) -> Vec<u8> {
    let mut bytes = Vec::new();
    crossterm::style::force_color_output(true);
    CrosstermBackend::new(&mut bytes)
        .draw(from.diff(to).into_iter())
        .unwrap();
    bytes
}

/// What the cockpit shows.
fn shown(desk: &Desk) -> Buffer {
    let styles = Styles::new(Theme::Dark, Colors::Palette, Glyphs::Unicode);
    let view = screen::derive(&desk.model);
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
    let done = terminal.draw(|frame| ui::draw(&view, &styles, frame));
    done.unwrap().buffer.clone()
}

fn frame(rows: [&str; 4]) -> Buffer {
    let mut frame = Buffer::empty(AREA);
    for (y, row) in (0..).zip(rows) {
        frame.set_string(0, y, row, Style::new());
    }
    frame
}

/// A terminal's cells: the glyph, and what can be seen of its look.
fn seen(parser: &vt100::Parser) -> Vec<String> {
    let screen = parser.screen();
    let cells = (0..AREA.height).flat_map(|y| (0..AREA.width).map(move |x| (y, x)));
    cells
        .map(|(y, x)| {
            let cell = screen.cell(y, x).unwrap();
            let is_blank = cell.contents().trim().is_empty();
            let is_bare = is_blank && !cell.inverse() && !cell.underline();
            let of_glyph = (!is_bare).then(|| (cell.fgcolor(), cell.bold()));
            let text = if is_blank { "" } else { cell.contents() };
            let flags = (cell.inverse(), cell.underline(), cell.is_wide());
            format!("{text} {:?} {of_glyph:?} {flags:?}", cell.bgcolor())
        })
        .collect()
}

fn style() -> impl Strategy<Value = Style> {
    let colors = prop::sample::select(vec![
        Color::Reset,
        Color::Red,
        Color::White,
        Color::Indexed(215),
        Color::Rgb(1, 20, 255),
    ]);
    let modifiers = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::REVERSED,
        Modifier::REVERSED | Modifier::BOLD,
        Modifier::UNDERLINED | Modifier::ITALIC,
    ]);
    (colors.clone(), colors, modifiers)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
}

/// Texts that are written over a frame.
fn texts() -> impl Strategy<Value = Vec<(u16, u16, String, Style)>> {
    let text = prop_oneof![
        "[a-c ]{1,12}",
        " {1,20}",
        prop::sample::select(vec!["✗ · ●", "日本 x", "a漢b", "━━━··"]).prop_map(str::to_owned),
    ];
    prop::collection::vec((0..AREA.width, 0..AREA.height, text, style()), 1..6)
}

proptest! {
    #[test]
    fn a_terminal_shows_what_the_librarys_own_writer_makes_it_show(
        frames in prop::collection::vec((texts(), any::<bool>()), 1..6)
    ) {
        let side = |cells| NonZero::new(cells).unwrap();
        let parser = || vt100::Parser::new(side(AREA.height), side(AREA.width), 0);
        let (mut ours, mut theirs) = (parser(), parser());
        let (mut pen, mut before) = (Pen::default(), Buffer::empty(AREA));
        for (texts, is_anew) in frames {
            let mut frame = if is_anew { Buffer::empty(AREA) } else { before.clone() };
            for (x, y, text, style) in texts {
                frame.set_string(x, y, text, Style::reset().patch(style));
            }
            ours.process(sent(&mut pen, &before, &frame).as_bytes());
            let mut bytes = Vec::new();
            crossterm::style::force_color_output(true);
            CrosstermBackend::new(&mut bytes).draw(before.diff(&frame).into_iter()).unwrap();
            theirs.process(&bytes);
            prop_assert_eq!(seen(&ours), seen(&theirs));
            before = frame;
        }
    }
}

#[test]
fn what_did_not_change_is_written_again_where_that_is_shorter_than_a_jump() {
    let before = frame(["the old name", "", "", ""]);
    let after = frame(["one old case and a tail", "", "", ""]);
    let mut pen = Pen::default();
    sent(&mut pen, &Buffer::empty(AREA), &before);

    // `e old ` has six glyphs, two more than a jump over it has bytes.
    assert_eq!(
        sent(&mut pen, &before, &after),
        "\x1b[1Hon\x1b[9Gcase and a tail"
    );
    let back = sent(
        &mut pen,
        &after,
        &frame(["one odd case and a tail", "", "", ""]),
    );
    assert_eq!(back, "\x1b[1;6Hd");
}

#[test]
fn the_next_row_is_the_end_of_a_line_where_that_is_shorter_and_certain() {
    let wide = "the last column is herex";
    let before = frame(["  ab", "  cd", wide, "   e"]);
    let mut pen = Pen::default();
    sent(&mut pen, &Buffer::empty(AREA), &before);

    let after = frame(["  xb", "  xd", "the last column is herey", "   x"]);
    assert_eq!(
        sent(&mut pen, &before, &after),
        // Behind the last column of the third row nobody knows which row it is.
        "\x1b[1;3Hx\r\n  x\x1b[3;24Hy\x1b[4;4Hx"
    );
    let odd = frame(["✗", "x", "", ""]);
    let text = sent(&mut pen, &Buffer::empty(AREA), &odd);
    assert_eq!(text, "\x1b[1H✗\x1b[2Hx");
}

#[test]
fn a_gap_behind_a_glyph_of_doubtful_width_is_jumped_over() {
    let before = frame(["x ab y", "", "", ""]);
    let after = frame(["✗ ab z", "", "", ""]);
    let mut pen = Pen::default();
    sent(&mut pen, &Buffer::empty(AREA), &before);

    assert_eq!(sent(&mut pen, &before, &after), "\x1b[1H✗\x1b[6Gz");
}

#[test]
fn after_something_else_wrote_to_the_screen_gaps_are_jumped_over() {
    let (before, after) = (frame(["a b c", "", "", ""]), frame(["d b e", "", "", ""]));
    let mut pen = Pen::default();
    sent(&mut pen, &Buffer::empty(AREA), &before);
    assert_eq!(sent(&mut pen, &before, &after), "\x1b[1Hd b e");

    pen.forget();
    assert_eq!(sent(&mut pen, &after, &before), "\x1b[1Ha\x1b[5Gc");
}

#[test]
fn a_look_is_one_sequence_and_blanks_have_none() {
    let empty = Buffer::empty(AREA);
    let mut marked = empty.clone();
    let strong = Style::new()
        .fg(Color::Indexed(111))
        .add_modifier(Modifier::BOLD);
    marked.set_string(0, 0, "?", strong);
    marked.set_string(1, 0, " problem", Style::new());
    let mut pen = Pen::default();

    assert_eq!(
        sent(&mut pen, &empty, &marked),
        "\x1b[1H\x1b[1;38;5;111m? \x1b[mproblem"
    );
    assert_eq!(sent(&mut pen, &marked, &empty), "\x1b[1H\x1b[9X");
}

#[test]
fn what_becomes_empty_is_erased_where_that_is_shorter() {
    let before = frame([
        "a long line of a deal",
        "short",
        "word with a long tail x",
        "",
    ]);
    let after = frame(["a", "", "word                  y", ""]);
    let mut pen = Pen::default();
    sent(&mut pen, &Buffer::empty(AREA), &before);

    assert_eq!(
        sent(&mut pen, &before, &after),
        "\x1b[1;3H\x1b[19X\r\n\x1b[5X\x1b[3;6H\x1b[16X\x1b[23Gy"
    );
}

#[test]
fn a_session_has_at_most_three_quarters_of_the_bytes_of_the_librarys_own_writer() {
    let mut desk = Desk::new(2000);
    desk.press("v G Enter");
    let mut before = shown(&desk);
    let mut pen = Pen::default();
    let empty = Buffer::empty(before.area);
    let mut ours = sent(&mut pen, &empty, &before).len();
    let mut theirs = of_the_library(&empty, &before).len();
    for key in "j j j k PgDn PgDn j j End k k Home j Enter Esc ?".split(' ') {
        desk.press(key);
        let frame = shown(&desk);
        let bytes = sent(&mut pen, &before, &frame).len();
        assert!(!matches!(key, "j" | "k") || bytes <= 400, "{key}: {bytes}");
        ours += bytes;
        theirs += of_the_library(&before, &frame).len();
        before = frame;
    }

    assert!(4 * ours <= 3 * theirs, "{ours} of {theirs}");
}
