//! What a person set: keys, theme, glyphs, locale. Plain words, as the config file has them.

use std::collections::BTreeMap;

/// Which characters are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// As the terminal and its locale allow.
    #[default]
    Auto,
    /// The full set.
    Unicode,
    /// Plain ASCII, whole frames of it.
    Ascii,
}

impl Glyphs {
    /// Reads the word of the config file.
    pub fn from_code(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "unicode" => Some(Self::Unicode),
            "ascii" => Some(Self::Ascii),
            _ => None,
        }
    }
}

/// The settings in force, each with its default.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// The theme's name: `dark`, `light`, `contrast`, `none`; `None` picks one.
    pub theme: Option<String>,
    /// Which characters are drawn.
    pub glyphs: Glyphs,
    /// The locale of amounts, dates and numbers, as `en-GB`; `None` takes the environment's.
    pub locale: Option<String>,
    /// The person's own keys: scope, then command name, then key sequences as written.
    pub keys: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}
