//! What the text of a cell means, decided by column and never by cell.

pub mod amounts;
pub mod dates;
pub(crate) mod entities;
pub(crate) mod html;
pub mod times;

/// Returns a text with the wide digits and signs of East Asian keyboards, and Arabic digits, as
/// those of ASCII; none for a text without any.
pub(crate) fn narrow(cell: &str) -> Option<String> {
    let ascii = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        '\u{660}'..='\u{669}' => char::from_u32(c as u32 - 0x660 + 0x30),
        '\u{6f0}'..='\u{6f9}' => char::from_u32(c as u32 - 0x6f0 + 0x30),
        '\u{66b}' => Some('.'),
        '\u{66c}' => Some(','),
        _ => None,
    };
    if cell.is_ascii() || !cell.chars().any(|c| ascii(c).is_some()) {
        return None;
    }
    Some(cell.chars().map(|c| ascii(c).unwrap_or(c)).collect())
}

/// Reads yes or no; none for a word that is neither.
pub(crate) fn flag(cell: &str) -> Option<bool> {
    match cell {
        "1" | "true" | "TRUE" | "True" => return Some(true),
        "0" | "false" | "FALSE" | "False" => return Some(false),
        _ => {}
    }
    if cell.len() > 12 {
        return None;
    }
    let word = cell.to_lowercase();
    match word.as_str() {
        "1.0" | "y" | "yes" | "t" | "true" | "ja" | "j" | "wahr" | "si" | "sí" | "sì" | "s"
        | "oui" | "vrai" | "sim" | "tak" | "x" | "\u{2713}" | "\u{2714}" | "checked" | "on"
        | "verdadero" | "verdadeiro" | "vero" | "waar" | "prawda" | "sant" | "sand" | "tosi"
        | "kyllä" | "はい" | "是" | "да" | "evet" => Some(true),
        "0.0" | "n" | "no" | "f" | "false" | "nein" | "falsch" | "non" | "faux" | "nie" | "nee"
        | "não" | "nao" | "unchecked" | "off" | "falso" | "onwaar" | "fałsz" | "falskt"
        | "falsk" | "epätosi" | "ei" | "nej" | "nei" | "いいえ" | "否" | "нет" | "hayır" => {
            Some(false)
        }
        _ => None,
    }
}

/// What the sample of a column of percentages says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Percents {
    above_one: bool,
    fraction: bool,
    sign: bool,
    /// A cell that is no chance.
    pub(crate) strange: Option<String>,
}

impl Percents {
    /// Counts a cell.
    pub(crate) fn add(&mut self, cell: &str) {
        self.sign |= cell.ends_with('%');
        match number(cell) {
            Some(value) => {
                self.above_one |= value > 1.0;
                self.fraction |= value > 0.0 && value <= 1.0;
                if !(0.0..=100.0).contains(&value) && self.strange.is_none() {
                    self.strange = Some(cell.to_owned());
                }
            }
            None if self.strange.is_none() => self.strange = Some(cell.to_owned()),
            None => {}
        }
    }

    /// What a cell is multiplied by: 100 where the column goes from 0 to 1.
    pub(crate) fn factor(&self) -> f64 {
        if self.fraction && !self.above_one && !self.sign {
            100.0
        } else {
            1.0
        }
    }
}

/// Reads a chance, 0 to 100; none for what is no number or not between them.
pub(crate) fn percent(cell: &str, factor: f64) -> Option<f64> {
    let value = number(cell)? * factor;
    (0.0..=100.0)
        .contains(&value)
        .then(|| (value * 10.0).round() / 10.0)
}

fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim_end_matches(['%', '％']).trim_end();
    if let Ok(value) = cell.parse::<f64>() {
        return value.is_finite().then_some(value);
    }
    cell.replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_in_several_languages() {
        for yes in ["1", "TRUE", "Yes", "ja", "sí", "Oui"] {
            assert_eq!(flag(yes), Some(true), "{yes}");
        }
        for no in ["0", "False", "no", "Nein"] {
            assert_eq!(flag(no), Some(false), "{no}");
        }
        assert_eq!(flag("perhaps"), None);
    }

    #[test]
    fn a_column_from_zero_to_one_is_of_shares() {
        let factor = |cells: &[&str]| {
            let mut percents = Percents::default();
            for cell in cells {
                percents.add(cell);
            }
            percents.factor()
        };

        assert!((factor(&["0.2", "1"]) - 100.0).abs() < f64::EPSILON);
        assert!((factor(&["20", "1"]) - 1.0).abs() < f64::EPSILON);
        assert_eq!(percent("0.2", 100.0), Some(20.0));
        assert_eq!(percent("75%", 1.0), Some(75.0));
        assert_eq!(percent("1000", 1.0), None);
        assert_eq!(percent("High", 1.0), None);
    }
}
