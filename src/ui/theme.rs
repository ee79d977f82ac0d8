//! Themes: which colour and which weight a meaning has, and what is left of it on a terminal that
//! has few colours or none.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use thiserror::Error;
use toml_edit::{Document, Item, TableLike};

use super::glyphs::Glyphs;
use crate::app::screen::doc::Role;

/// A theme that comes with the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// Black and white and two alarms, all at 7 to 1 or more; paints its own ground.
    Contrast,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Contrast];

    /// Its name, as in the config file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
        }
    }

    /// Finds a theme by its name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    fn text(self) -> &'static str {
        match self {
            Self::Dark => include_str!("../../assets/themes/dark.toml"),
            Self::Light => include_str!("../../assets/themes/light.toml"),
            Self::Contrast => include_str!("../../assets/themes/contrast.toml"),
        }
    }
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colors {
    /// None, or `NO_COLOR` is set: weight, underline and reverse only.
    None,
    /// The sixteen named ones.
    Sixteen,
    /// The palette of 256.
    #[default]
    Palette,
    /// Any.
    True,
}

impl Colors {
    /// Reads what a terminal says of itself in `NO_COLOR`, `COLORTERM` and `TERM`.
    pub fn of_terminal(no_color: bool, colorterm: Option<&str>, term: Option<&str>) -> Self {
        if no_color || term.is_none_or(|term| term.is_empty() || term == "dumb") {
            return Self::None;
        }
        if matches!(colorterm, Some("truecolor" | "24bit")) {
            return Self::True;
        }
        match term {
            Some(term) if term.contains("mono") || term.starts_with("vt") => Self::None,
            Some(term) if term.contains("256color") => Self::Palette,
            _ => Self::Sixteen,
        }
    }
}

/// What is wrong with a theme file.
#[derive(Debug, Error)]
pub enum ThemeError {
    /// It is not TOML.
    #[error("the theme is not valid TOML: {0}")]
    Toml(#[from] toml_edit::TomlError),
    /// It names a role that there is none of.
    #[error("the theme has a role `{0}`, which does not exist")]
    UnknownRole(String),
    /// A role is missing.
    #[error("the theme says nothing about the role `{0}`")]
    MissingRole(&'static str),
    /// A value is not what it should be.
    #[error("`{key}` of `{role}` is not {wanted}")]
    Value {
        /// The role.
        role: String,
        /// The key.
        key: String,
        /// What would have been right.
        wanted: &'static str,
    },
}

/// The styles of all roles, and the glyphs: everything about looks that drawing needs.
#[derive(Clone, Debug)]
pub struct Styles {
    roles: [Style; Role::ALL.len()],
    /// The ground that is painted under everything; `None` leaves the terminal's own.
    pub ground: Option<Style>,
    /// The glyph set.
    pub glyphs: Glyphs,
}

impl Styles {
    /// Makes the styles of a theme that comes with the program.
    pub fn new(theme: Theme, colors: Colors, glyphs: Glyphs) -> Self {
        Self::parse(theme.text(), colors, glyphs).expect("a test parses each theme of the program")
    }

    /// Reads a theme.
    pub fn parse(text: &str, colors: Colors, glyphs: Glyphs) -> Result<Self, ThemeError> {
        let doc = Document::parse(text)?;
        let mut found = [None; Role::ALL.len()];
        let mut ground = None;
        for (name, item) in doc.iter() {
            if name == "ground" {
                ground = Some(read(name, item, colors)?);
                continue;
            }
            let role = Role::ALL.into_iter().find(|role| role.name() == name);
            let role = role.ok_or_else(|| ThemeError::UnknownRole(name.to_owned()))?;
            found[role as usize] = Some(read(name, item, colors)?);
        }
        let mut roles = [Style::new(); Role::ALL.len()];
        for role in Role::ALL {
            roles[role as usize] =
                found[role as usize].ok_or(ThemeError::MissingRole(role.name()))?;
        }
        let ground = ground.filter(|_| colors != Colors::None);
        Ok(Self {
            roles,
            ground,
            glyphs,
        })
    }

    /// The style of a role.
    pub fn of(&self, role: Role) -> Style {
        self.roles[role as usize]
    }
}

/// Reads the style of one role.
fn read(role: &str, item: &Item, colors: Colors) -> Result<Style, ThemeError> {
    let wrong = |key: &str, wanted| ThemeError::Value {
        role: role.to_owned(),
        key: key.to_owned(),
        wanted,
    };
    let table = item.as_table_like().ok_or_else(|| wrong("it", "a table"))?;
    let mut style = Style::new();
    for (key, value) in table.iter() {
        let modifier = match key {
            "fg" | "bg" | "fg16" | "bg16" => continue,
            "bold" => Modifier::BOLD,
            "underline" => Modifier::UNDERLINED,
            "reverse" => Modifier::REVERSED,
            _ => {
                return Err(wrong(
                    key,
                    "known: fg, fg16, bg, bg16, bold, underline, reverse",
                ));
            }
        };
        if value.as_bool().ok_or_else(|| wrong(key, "true or false"))? {
            style = style.add_modifier(modifier);
        }
    }
    let color = |key, key16| color(table, key, key16, colors);
    let named = "a colour: #rrggbb, or a name as `lightblue`";
    style.fg = color("fg", "fg16").map_err(|key| wrong(key, named))?;
    style.bg = color("bg", "bg16").map_err(|key| wrong(key, named))?;
    Ok(style)
}

/// Reads a colour for the terminal at hand; the error is the key at fault.
fn color(
    table: &dyn TableLike,
    key: &'static str,
    key16: &'static str,
    colors: Colors,
) -> Result<Option<Color>, &'static str> {
    let read = |key: &'static str| match table.get(key) {
        None => Ok(None),
        Some(item) => item
            .as_str()
            .and_then(|text| Color::from_str(text).ok())
            .map(Some)
            .ok_or(key),
    };
    let (full, few) = (read(key)?, read(key16)?);
    Ok(match colors {
        Colors::None => None,
        Colors::Sixteen => few.or(full.map(nearest16)),
        Colors::Palette => full.map(nearest256),
        Colors::True => full,
    })
}

/// The nearest colour of the palette's cube or greys.
fn nearest256(color: Color) -> Color {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let Color::Rgb(r, g, b) = color else {
        return color;
    };
    let step = |value: u8| {
        let near = |at: &usize| value.abs_diff(STEPS[*at]);
        (0..STEPS.len())
            .min_by_key(near)
            .expect("there are six steps")
    };
    let (red, green, blue) = (step(r), step(g), step(b));
    let cube = (STEPS[red], STEPS[green], STEPS[blue]);
    let level = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let grey = (level.saturating_sub(3) / 10).min(23) as u8;
    let shade = 8 + 10 * grey;
    let far = |(x, y, z): (u8, u8, u8)| {
        [(x, r), (y, g), (z, b)]
            .iter()
            .map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2))
            .sum::<u32>()
    };
    if far((shade, shade, shade)) < far(cube) {
        Color::Indexed(232 + grey)
    } else {
        Color::Indexed(16 + 36 * red as u8 + 6 * green as u8 + blue as u8)
    }
}

/// The sixteen, as xterm draws them.
const NAMED: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The nearest of them.
fn nearest16(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else {
        return color;
    };
    let far = |[x, y, z]: [u8; 3]| {
        [(x, r), (y, g), (z, b)]
            .iter()
            .map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2))
            .sum::<u32>()
    };
    NAMED
        .iter()
        .min_by_key(|(_, rgb)| far(*rgb))
        .map_or(color, |(named, _)| *named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_COLORS: [Colors; 4] = [Colors::None, Colors::Sixteen, Colors::Palette, Colors::True];

    #[test]
    fn each_theme_parses_for_each_terminal() {
        for theme in Theme::ALL {
            for colors in ALL_COLORS {
                let styles = Styles::parse(theme.text(), colors, Glyphs::Unicode);
                assert!(styles.is_ok(), "{theme:?} {colors:?}: {styles:?}");
            }
            assert_eq!(Theme::by_name(theme.name()), Some(theme));
        }
    }

    #[test]
    fn without_colour_nothing_is_coloured_and_alarms_still_stand_out() {
        for theme in Theme::ALL {
            let styles = Styles::new(theme, Colors::None, Glyphs::Unicode);

            for role in Role::ALL {
                let style = styles.of(role);
                assert_eq!((style.fg, style.bg), (None, None), "{theme:?} {role:?}");
            }
            assert_eq!(styles.ground, None);
            for role in [Role::Strong, Role::Head, Role::Key, Role::Fire, Role::Error] {
                assert!(
                    styles.of(role).add_modifier.contains(Modifier::BOLD),
                    "{role:?}"
                );
            }
            for role in [Role::Here, Role::Badge] {
                assert!(
                    styles.of(role).add_modifier.contains(Modifier::REVERSED),
                    "{role:?}"
                );
            }
        }
    }

    #[test]
    fn sixteen_colours_use_only_named_ones() {
        for theme in Theme::ALL {
            let styles = Styles::new(theme, Colors::Sixteen, Glyphs::Unicode);
            for role in Role::ALL {
                let style = styles.of(role);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    let full = matches!(color, Color::Rgb(..) | Color::Indexed(_));
                    assert!(!full, "{theme:?} {role:?} {color:?}");
                }
            }
        }
    }

    #[test]
    fn the_two_alarms_differ_however_few_colours_there_are() {
        for theme in Theme::ALL {
            for colors in [Colors::Sixteen, Colors::Palette, Colors::True] {
                let styles = Styles::new(theme, colors, Glyphs::Unicode);
                assert_ne!(styles.of(Role::Fire).fg, styles.of(Role::Open).fg);
                assert_ne!(styles.of(Role::Accent).fg, styles.of(Role::Open).fg);
                assert_ne!(styles.of(Role::Accent).fg, styles.of(Role::Fire).fg);
            }
        }
    }

    #[test]
    fn text_reads_well_in_every_theme() {
        for theme in Theme::ALL {
            let least = if theme == Theme::Contrast { 7.0 } else { 4.5 };
            let ground = match theme {
                Theme::Dark => [0x1c, 0x1f, 0x24],
                Theme::Light => [0xfa, 0xfa, 0xf7],
                Theme::Contrast => [0, 0, 0],
            };
            let own = match theme {
                Theme::Dark | Theme::Contrast => [0xff; 3],
                Theme::Light => [0; 3],
            };
            let styles = Styles::new(theme, Colors::True, Glyphs::Unicode);
            for role in Role::ALL {
                // Rules and the empty part of a bar say nothing that words do not say.
                let line = matches!(role, Role::Rule | Role::BarRest);
                if line && theme != Theme::Contrast {
                    continue;
                }
                let style = styles.of(role);
                let fg = style.fg.map_or(own, rgb);
                let bg = style.bg.map_or(ground, rgb);
                let ratio = contrast(fg, bg);
                assert!(ratio >= least, "{theme:?} {role:?}: {ratio:.1}");
            }
        }
    }

    #[test]
    fn a_shared_screen_reads_well_however_few_colours_there_are() {
        for colors in [Colors::Sixteen, Colors::Palette, Colors::True] {
            let styles = Styles::new(Theme::Contrast, colors, Glyphs::Unicode);
            let ground = styles.ground.expect("it paints its own ground");
            for role in Role::ALL {
                let style = styles.of(role);
                let fg = rgb(style.fg.or(ground.fg).expect("it has a colour"));
                let bg = rgb(style.bg.or(ground.bg).expect("it has a ground"));
                let ratio = contrast(fg, bg);
                assert!(ratio >= 7.0, "{colors:?} {role:?}: {ratio:.1}");
                assert!(!style.add_modifier.contains(Modifier::DIM), "{role:?}");
            }
        }
    }

    #[test]
    fn colours_are_as_many_as_the_terminal_says() {
        let of = Colors::of_terminal;

        assert_eq!(
            of(true, Some("truecolor"), Some("xterm-256color")),
            Colors::None
        );
        assert_eq!(
            of(false, Some("truecolor"), Some("xterm-256color")),
            Colors::True
        );
        assert_eq!(of(false, None, Some("tmux-256color")), Colors::Palette);
        assert_eq!(of(false, None, Some("linux")), Colors::Sixteen);
        assert_eq!(of(false, None, Some("dumb")), Colors::None);
        assert_eq!(of(false, None, None), Colors::None);
    }

    #[test]
    fn a_theme_file_with_a_mistake_says_which() {
        let parse = |text: &str| {
            let styles = Styles::parse(text, Colors::True, Glyphs::Unicode);
            styles.expect_err("the theme has a mistake").to_string()
        };

        assert!(parse("[").contains("not valid TOML"));
        assert_eq!(
            parse("[tex]"),
            "the theme has a role `tex`, which does not exist"
        );
        assert_eq!(
            parse("[text]"),
            "the theme says nothing about the role `strong`"
        );
        let colour = parse("[text]\nfg = \"blau\"");
        assert_eq!(
            colour,
            "`fg` of `text` is not a colour: #rrggbb, or a name as `lightblue`"
        );
        assert!(parse("[text]\nitalic = true").contains("is not known"));
        assert!(parse("[text]\nbold = 1").contains("true or false"));
    }

    fn rgb(color: Color) -> [u8; 3] {
        if let Color::Rgb(r, g, b) = color {
            return [r, g, b];
        }
        if let Color::Indexed(at @ 16..=231) = color {
            let step = |place: u8| [0, 95, 135, 175, 215, 255][usize::from(place % 6)];
            let at = at - 16;
            return [step(at / 36), step(at / 6), step(at)];
        }
        if let Color::Indexed(at @ 232..) = color {
            return [8 + 10 * (at - 232); 3];
        }
        let named = NAMED.iter().find(|(name, _)| *name == color);
        named
            .unwrap_or_else(|| panic!("{color:?} has no fixed value"))
            .1
    }

    /// Contrast of two colours, WCAG 2.1.
    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance, WCAG 2.1.
    fn luminance(rgb: [u8; 3]) -> f64 {
        let [r, g, b] = rgb.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}
