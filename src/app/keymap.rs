//! From keys to commands: scopes, sequences, and the person's own keys.
//!
//! Who gets a key follows from what is on screen by [`scopes`], the innermost first. What lies on
//! top lets nothing through but the scopes that are listed for it: a text field only
//! [`Scope::Always`], a menu also [`Scope::Browse`], a page all of its own.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::app::chord::{Chord, ChordError, Sequence};
use crate::app::command::{Command, Scope, is_fired_on_top, is_tripwire_due, table};
use crate::app::form::{FormFocus, Input};
use crate::app::model::{DetailRow, Model, Overlay, Page, Pane};

/// What the keys pressed so far mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This command.
    Command(Command),
    /// The beginning of a sequence: what may follow, in the order of the table.
    More(Vec<Continuation>),
    /// Nothing here.
    Nothing,
}

/// A key that may follow, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The key.
    pub chord: Chord,
    /// The command at its end.
    pub command: Command,
}

/// Why the person's own keys cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeymapError {
    /// The scope is not known.
    #[error("`keys.{scope}` names no place; places are {known}")]
    UnknownScope {
        /// As written.
        scope: String,
        /// The words of the scopes.
        known: String,
    },
    /// The command is not known, or is none of that scope.
    #[error("`keys.{scope}` has no command `{name}`{hint}")]
    UnknownCommand {
        /// The scope.
        scope: String,
        /// As written.
        name: String,
        /// Where it is, if anywhere.
        hint: String,
    },
    /// A key cannot be read.
    #[error("`keys.{scope}.{name}`: {source}")]
    Key {
        /// The scope.
        scope: String,
        /// The command.
        name: String,
        /// What is wrong with it.
        source: ChordError,
    },
    /// Two commands of a scope have one key, or one key begins the other.
    #[error("`keys.{scope}`: `{keys}` is both `{one}` and `{other}`")]
    Conflict {
        /// The scope.
        scope: String,
        /// The keys.
        keys: String,
        /// The command that had them.
        one: String,
        /// The command that would have them as well.
        other: String,
    },
}

/// Which keys do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    keys: BTreeMap<Scope, Vec<(Sequence, Command)>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut keys: BTreeMap<Scope, Vec<(Sequence, Command)>> = BTreeMap::new();
        for row in table() {
            let own = row
                .command
                .default_keys()
                .into_iter()
                .map(|keys| (keys, row.command));
            keys.entry(row.scope).or_default().extend(own);
        }
        Self { keys }
    }
}

impl Keymap {
    /// Puts a person's own keys in place of the default ones, command by command.
    ///
    /// # Errors
    ///
    /// Names the scope, the command or the key that is not known, and both commands where two
    /// would have the same keys.
    pub fn with_own(
        own: &BTreeMap<String, BTreeMap<String, Vec<String>>>,
    ) -> Result<Self, KeymapError> {
        let mut keymap = Self::default();
        for (word, commands) in own {
            let scope = Scope::from_code(word).ok_or_else(|| KeymapError::UnknownScope {
                scope: word.clone(),
                known: Scope::ALL.map(Scope::code).join(", "),
            })?;
            let rows = keymap.keys.entry(scope).or_default();
            for (name, texts) in commands {
                let command = command_of(scope, name)?;
                let parsed = texts.iter().map(|text| text.parse::<Sequence>());
                let parsed =
                    parsed
                        .collect::<Result<Vec<_>, _>>()
                        .map_err(|source| KeymapError::Key {
                            scope: word.clone(),
                            name: name.clone(),
                            source,
                        })?;
                let place = rows
                    .iter()
                    .position(|(_, c)| *c == command)
                    .unwrap_or(rows.len());
                rows.retain(|(_, other)| *other != command);
                let place = place.min(rows.len());
                rows.splice(place..place, parsed.into_iter().map(|keys| (keys, command)));
            }
        }
        for (scope, rows) in &keymap.keys {
            conflict(*scope, rows)?;
        }
        Ok(keymap)
    }

    /// Finds what keys mean in these scopes, the innermost first.
    pub fn find(&self, scopes: &[Scope], pressed: &[Chord]) -> Found {
        let mut more = Vec::new();
        for scope in scopes {
            for (keys, command) in self.keys.get(scope).into_iter().flatten() {
                let chords = keys.chords();
                if chords == pressed {
                    // An inner leaf hides an outer sequence; the table has no such pair.
                    return if more.is_empty() {
                        Found::Command(*command)
                    } else {
                        Found::More(more)
                    };
                }
                if chords.len() > pressed.len() && chords.starts_with(pressed) {
                    let chord = chords[pressed.len()];
                    if !more.iter().any(|c: &Continuation| c.chord == chord) {
                        more.push(Continuation {
                            chord,
                            command: *command,
                        });
                    }
                }
            }
        }
        if more.is_empty() {
            Found::Nothing
        } else {
            Found::More(more)
        }
    }

    /// Returns the keys of a command, the first as the one to show; none where it is only done by
    /// name.
    pub fn keys_of(&self, command: Command) -> Vec<&Sequence> {
        let rows = self.keys.get(&command.info().scope);
        let own = rows
            .into_iter()
            .flatten()
            .filter(|(_, other)| *other == command);
        own.map(|(keys, _)| keys).collect()
    }
}

fn command_of(scope: Scope, name: &str) -> Result<Command, KeymapError> {
    let known = Command::by_name(name);
    match known {
        Some(command) if command.info().scope == scope => Ok(command),
        Some(_) | None => Err(KeymapError::UnknownCommand {
            scope: scope.code().to_owned(),
            name: name.to_owned(),
            hint: known.map_or(String::new(), |command| {
                format!("; it stands in `keys.{}`", command.info().scope.code())
            }),
        }),
    }
}

fn conflict(scope: Scope, rows: &[(Sequence, Command)]) -> Result<(), KeymapError> {
    for (at, (keys, command)) in rows.iter().enumerate() {
        for (others, other) in &rows[..at] {
            let (long, short) = if keys.chords().len() > others.chords().len() {
                (keys, others)
            } else {
                (others, keys)
            };
            if long.chords().starts_with(short.chords()) && command != other {
                return Err(KeymapError::Conflict {
                    scope: scope.code().to_owned(),
                    keys: short.to_string(),
                    one: other.info().name.to_owned(),
                    other: command.info().name.to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// Returns the scopes that are live, the innermost first.
pub fn scopes(model: &Model) -> Vec<Scope> {
    use Scope as S;
    if let Some(overlay) = model.overlay() {
        return match overlay {
            Overlay::Help(_) => vec![S::Browse, S::Always],
            Overlay::Palette(_) => vec![S::Palette, S::Always],
            Overlay::Prompt(_) => vec![S::Prompt, S::Always],
            Overlay::Menu(menu) if menu.find.is_some() => vec![S::Palette, S::Always],
            Overlay::Menu(_) => vec![S::Menu, S::Browse, S::Always],
            Overlay::Form(form) => {
                let inner = match form.focus {
                    FormFocus::Action(_) => S::Sheet,
                    FormFocus::Field(at) => match form.fields.get(at).map(|f| &f.input) {
                        Some(Input::Choice { .. } | Input::Ticks { .. }) => S::Choice,
                        Some(Input::Text(_)) | None => S::Text,
                    },
                };
                vec![inner, S::Form, S::Always]
            }
        };
    }
    page_scopes(model)
}

/// Returns the scopes of the page, as if nothing lay on top of it.
pub fn page_scopes(model: &Model) -> Vec<Scope> {
    use Scope as S;
    let mut scopes = match model.page() {
        Page::Welcome(_) => vec![S::Welcome],
        Page::Walk(_) => vec![S::Questions, S::Checklist],
        Page::Journal(_) => vec![S::Journal],
        Page::Preview(_) => vec![S::Preview],
        // Letters are labels here: no key of other places works.
        Page::Sweep(sweep) if sweep.is_asking() => return vec![S::Sweep, S::Always],
        Page::Sweep(_) => vec![S::Swept],
        Page::Week(week) if week.back.is_some() => vec![S::CameBack, S::Checklist],
        Page::Week(_) => vec![S::Week],
        Page::Signs(_) => return vec![S::Signs, S::Always],
        Page::Fresh(_) => vec![S::Fresh],
        Page::Paper(_) => vec![S::Paper],
        Page::Map(_) => vec![S::Map],
        Page::After(_) => vec![S::After],
        Page::Hours(_) => vec![S::Hours],
        Page::Insights(_) => vec![S::Insights],
        Page::OneOnOne(page) => {
            let is_free = page.asks_nothing(model.work.is_writing());
            let due = fell_due(model).filter(|_| is_free);
            due.into_iter().chain([S::OneOnOne, S::Checklist]).collect()
        }
        Page::Reviews(_) => vec![S::Reviews],
        Page::Seal(_) => vec![S::Seal, S::Checklist],
        Page::Cockpit => {
            let mut scopes = Vec::new();
            let pane = match model.pane {
                Pane::List => S::List,
                Pane::Detail => S::Detail,
                Pane::Checklist if model.promise().is_some() => S::Owed,
                Pane::Checklist => S::Checklist,
            };
            match model.detail_row() {
                Some(DetailRow::Signal(_)) => scopes.push(S::Signal),
                Some(DetailRow::Bait(_) | DetailRow::Access(_)) => scopes.push(S::Owed),
                None => {}
            }
            if model.pane != Pane::Checklist {
                scopes.extend(fell_due(model));
            }
            scopes.extend([pane, S::Cockpit]);
            scopes
        }
    };
    scopes.extend([S::Browse, S::Everywhere, S::Always]);
    scopes
}

/// The keys that settle what fell due on the deal under the cursor.
fn fell_due(model: &Model) -> Option<Scope> {
    if is_tripwire_due(model) {
        Some(Scope::Due)
    } else if is_fired_on_top(model) {
        Some(Scope::Returned)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(scope: &str, name: &str, keys: &[&str]) -> Result<Keymap, KeymapError> {
        let keys = keys.iter().map(|k| (*k).to_owned()).collect();
        let names = BTreeMap::from([(name.to_owned(), keys)]);
        Keymap::with_own(&BTreeMap::from([(scope.to_owned(), names)]))
    }

    fn press(text: &str) -> Vec<Chord> {
        text.parse::<Sequence>().unwrap().chords().to_vec()
    }

    const PAGE: [Scope; 4] = [
        Scope::List,
        Scope::Cockpit,
        Scope::Browse,
        Scope::Everywhere,
    ];

    #[test]
    fn the_innermost_scope_wins() {
        let keymap = Keymap::default();
        let fire = press("F");

        assert_eq!(keymap.find(&PAGE, &fire), Found::Command(Command::Fire));
        let due = [Scope::Due, Scope::List, Scope::Everywhere];
        assert_eq!(
            keymap.find(&due, &fire),
            Found::Command(Command::FireAsPromised)
        );
        assert_eq!(
            keymap.find(&[Scope::Text, Scope::Always], &fire),
            Found::Nothing
        );
    }

    #[test]
    fn a_started_sequence_lists_what_may_follow() {
        let Found::More(more) = Keymap::default().find(&PAGE, &press("g")) else {
            panic!("g starts sequences");
        };
        let next: Vec<String> = more.iter().map(|c| c.chord.to_string()).collect();

        assert_eq!(next, ["g", "c", "w", "j", "m", "f", "h", "i", "o", "r"]);
        assert_eq!(
            Keymap::default().find(&PAGE, &press("g j")),
            Found::Command(Command::GoJournal)
        );
        assert_eq!(Keymap::default().find(&PAGE, &press("g x")), Found::Nothing);
    }

    #[test]
    fn own_keys_replace_the_default_ones() {
        let keymap = own("checklist", "answer-yes", &["Y", "1"]).unwrap();
        let scopes = [Scope::Checklist];

        assert_eq!(
            keymap.find(&scopes, &press("Y")),
            Found::Command(Command::AnswerYes)
        );
        assert_eq!(keymap.find(&scopes, &press("y")), Found::Nothing);
        let shown: Vec<_> = keymap
            .keys_of(Command::AnswerYes)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["Y", "1"]);
    }

    #[test]
    fn a_key_of_two_commands_names_both() {
        let error = own("checklist", "answer-yes", &["n"]).unwrap_err();

        assert_eq!(
            error.to_string(),
            "`keys.checklist`: `n` is both `answer-yes` and `answer-no`"
        );
        let hidden = own("everywhere", "fire", &["g"]).unwrap_err();
        assert!(
            hidden
                .to_string()
                .contains("`g` is both `fire` and `cockpit`"),
            "{hidden}"
        );
    }

    #[test]
    fn what_is_not_known_is_named() {
        let scope = own("chekclist", "answer-yes", &["y"]).unwrap_err();
        assert!(
            scope
                .to_string()
                .starts_with("`keys.chekclist` names no place"),
            "{scope}"
        );
        let name = own("list", "answer-yes", &["y"]).unwrap_err();
        assert_eq!(
            name.to_string(),
            "`keys.list` has no command `answer-yes`; it stands in `keys.checklist`"
        );
        let key = own("everywhere", "fire", &["Hyper-f"]).unwrap_err();
        assert!(key.to_string().contains("`Hyper-f` names no key"), "{key}");
    }
}
