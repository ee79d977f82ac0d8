//! Each theme on the same frame, and what is left of it with few colours or none.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use walkaway::ui::{Colors, Glyphs, Styles, Theme};

use super::{buffer, sample};

/// Names of styles in the order in which a frame uses them.
const NAMES: &str = ".abcdefghijklmnopqrstuvwxyz";

/// The styles of a frame: one letter a cell, and what the letters mean.
fn styled(buffer: &Buffer) -> String {
    let mut found: Vec<Style> = vec![buffer[(0, 0)].style()];
    let mut text = String::new();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let style = buffer[(x, y)].style();
            let at = found
                .iter()
                .position(|other| *other == style)
                .unwrap_or_else(|| {
                    found.push(style);
                    found.len() - 1
                });
            text.push(NAMES.chars().nth(at).expect("a frame has few styles"));
        }
        let kept = text.trim_end_matches('.').len();
        text.truncate(kept);
        text.push('\n');
    }
    for (name, style) in NAMES.chars().zip(&found) {
        writeln!(text, "{name} {}", words(*style)).expect("a string takes all that is written");
    }
    text
}

fn words(style: Style) -> String {
    let color = |color: Option<Color>| {
        color
            .filter(|color| *color != Color::Reset)
            .map_or("own".to_owned(), |c| c.to_string())
    };
    let mut text = format!("{} on {}", color(style.fg), color(style.bg));
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ] {
        if style.add_modifier.contains(modifier) {
            write!(text, " {word}").expect("a string takes all that is written");
        }
    }
    text
}

#[test]
fn a_frame_in_each_theme() {
    let model = sample::cockpit(80, 24);
    let cases = [
        ("dark", Theme::Dark, Colors::True),
        ("light", Theme::Light, Colors::True),
        ("contrast", Theme::Contrast, Colors::True),
        ("dark_16", Theme::Dark, Colors::Sixteen),
        ("dark_none", Theme::Dark, Colors::None),
    ];
    for (name, theme, colors) in cases {
        let styles = Styles::new(theme, colors, Glyphs::Unicode);

        insta::assert_snapshot!(format!("theme_{name}"), styled(&buffer(&model, &styles)));
    }
}
