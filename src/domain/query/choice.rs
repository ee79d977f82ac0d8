//! The words of fields that know only a few.

/// A word of a [`Kind::Choice`](super::Kind::Choice), with others that mean the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The word that is kept and shown.
    pub word: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
}

const fn choice(word: &'static str, aliases: &'static [&'static str]) -> Choice {
    Choice { word, aliases }
}

pub(super) const YES: Choice = choice("yes", &["y", "true"]);
pub(super) const NO: Choice = choice("no", &["n", "false"]);

pub(super) const PHASES: &[Choice] = &[
    choice("early", &[]),
    choice("middle", &["mid"]),
    choice("proposal", &[]),
    choice("negotiation", &[]),
];
pub(super) const STATUSES: &[Choice] = &[
    choice("open", &[]),
    choice("won", &[]),
    choice("lost", &[]),
    choice("removed", &[]),
];
pub(super) const DECISIONS: &[Choice] = &[
    choice("undecided", &[]),
    choice("continued", &["continue"]),
    choice("hold", &["held"]),
    choice("fired", &["fire", "gone"]),
];
pub(super) const VERDICTS: &[Choice] = &[
    choice("fire", &["fired"]),
    choice("get_to_no", &["no", "gettono"]),
    choice("continue", &["continued"]),
];
pub(super) const DARKNESS: &[Choice] = &[choice("yes", &["red"]), choice("quiet", &["amber"]), NO];
pub(super) const REASONS_DUE: &[Choice] = &[
    choice("tripwire", &[]),
    choice("hold", &[]),
    choice("nurture", &[]),
    choice("came_back", &["back"]),
    choice("worse", &[]),
];
pub(super) const FEELINGS: &[Choice] = &[
    choice("glad", &[]),
    choice("dread", &["dreaded"]),
    choice("unknown", &["no_idea"]),
];
pub(super) const COVERS: &[Choice] = &[YES, choice("no_start", &[]), choice("no_close", &[])];
pub(super) const MONIES: &[Choice] = &[choice("bad", &[]), choice("good", &["fine", "ok"])];
pub(super) const EITHER: &[Choice] = &[YES, NO];
/// The views of the program; see [`View::BUILT_IN`](super::super::view::View::BUILT_IN).
pub(super) const VIEWS: &[Choice] = &[
    choice("to_decide", &[]),
    choice("open", &[]),
    choice("due", &[]),
    choice("came_back", &[]),
    choice("dark", &[]),
    choice("bad_money", &[]),
    choice("dreaded", &[]),
    choice("continued", &[]),
    choice("on_hold", &["hold"]),
    choice("gone", &["fired"]),
    choice("nurture", &[]),
    choice("no_senior_at_start", &[]),
    choice("unasked_core", &[]),
    choice("dead_on_paper", &[]),
    choice("closed", &[]),
    choice("all", &[]),
];

/// Finds the word of a choice: by its name, another name, or a beginning that fits one only.
pub(super) fn choose(choices: &[Choice], word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase().replace(['-', ' '], "_");
    let exact = choices
        .iter()
        .find(|c| c.word == word || c.aliases.contains(&word.as_str()));
    if let Some(choice) = exact {
        return Some(choice.word);
    }
    let mut begins = choices
        .iter()
        .filter(|choice| choice.word.starts_with(&word));
    match (begins.next(), begins.next()) {
        (Some(only), None) if !word.is_empty() => Some(only.word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_take_other_names_and_clear_beginnings() {
        assert_eq!(choose(VERDICTS, "no"), Some("get_to_no"));
        assert_eq!(choose(VERDICTS, "Get to no"), Some("get_to_no"));
        assert_eq!(choose(VERDICTS, "GET-TO-NO"), Some("get_to_no"));
        assert_eq!(choose(PHASES, "neg"), Some("negotiation"));
        assert_eq!(choose(COVERS, "no_"), None);
        assert_eq!(choose(PHASES, ""), None);
    }
}
