//! The last row: the keys that work here, read from the table of commands.

use super::doc::Span;
use super::words::safe;
use super::{Foot, Hint};
use crate::app::after::AfterRow;
use crate::app::command::{Command, Scope, table};
use crate::app::keymap::scopes;
use crate::app::model::{Model, Overlay, Page};
use crate::app::one_on_one::Talk;
use crate::app::week::WeekRow;
use crate::domain::deal::OutcomeKind;

/// Cells for the name of the last key.
const KEY_ROOM: usize = 5;

/// The keys of this place; after the first key of a sequence, those that may follow.
pub fn foot(model: &Model) -> Foot {
    if !model.pending.is_empty() {
        return continuations(model);
    }
    let live = scopes(model);
    let mut rows: Vec<_> = table()
        .filter(|row| live.contains(&row.scope))
        .filter_map(|row| row.footer.map(|footer| (footer, row)))
        .filter(|(_, row)| !is_elsewhere(row.command, model, &live))
        .filter(|(_, row)| (row.enabled)(model).is_ok())
        .collect();
    rows.sort_by_key(|(footer, _)| footer.rank);
    let mut foot = Foot::default();
    let is_asked = match model.page() {
        Page::Walk(_) => false,
        Page::OneOnOne(page) => page.session().is_some() && page.talk() != Talk::Open,
        Page::Welcome(_)
        | Page::Cockpit
        | Page::Journal(_)
        | Page::Preview(_)
        | Page::Sweep(_)
        | Page::Week(_)
        | Page::Signs(_)
        | Page::Fresh(_)
        | Page::Paper(_)
        | Page::Map(_)
        | Page::After(_)
        | Page::Hours(_)
        | Page::Insights(_)
        | Page::Reviews(_)
        | Page::Seal(_) => true,
    };
    if live.contains(&Scope::Checklist) && is_asked {
        foot.left.push(answers(model));
    }
    for (footer, row) in rows {
        let keys = model.keymap.keys_of(row.command);
        let Some(key) = keys.first() else { continue };
        let word = if row.command == Command::WeekOpen {
            let Some(word) = week_word(model) else {
                continue;
            };
            word
        } else if row.command == Command::OneOnOneEnter {
            let Some(word) = table_word(model) else {
                continue;
            };
            word
        } else {
            footer.word
        };
        let mut key = key.label(model.spells_keys());
        if row.command == Command::WeekMore {
            // One hint for both.
            let less = model.keymap.keys_of(Command::WeekLess);
            key.extend(
                less.first()
                    .map(|less| format!(" {}", less.label(model.spells_keys()))),
            );
        }
        if row.command == Command::HoursMore {
            let less = model.keymap.keys_of(Command::HoursLess);
            key.extend(
                less.first()
                    .map(|less| format!(" {}", less.label(model.spells_keys()))),
            );
        }
        let hint = Hint {
            group: group(row.command),
            key,
            word: word.to_owned(),
            rank: drop_rank(row.command, footer.rank),
        };
        if row.command == Command::Undo {
            foot.right.push(hint);
        } else {
            foot.left.push(hint);
        }
    }
    if let Some(Overlay::Help(_)) = model.overlay() {
        let keys = |command| {
            model
                .keymap
                .keys_of(command)
                .first()
                .map(|k| k.label(model.spells_keys()))
        };
        let scroll: Vec<String> = [Command::RowDown, Command::RowUp]
            .into_iter()
            .filter_map(keys)
            .collect();
        foot.left
            .insert(0, Hint::new(scroll.join(" "), "scroll", 1));
    }
    if let Some(word) = way_out(model) {
        foot.right = vec![Hint::new("Esc", word, 3)];
    }
    foot
}

/// The last key, for those who look on; its room stays, so that nothing jumps.
pub fn last_key(model: &Model) -> Vec<Span> {
    if !model.shared {
        return Vec::new();
    }
    let label = model.last_key.map(|chord| chord.label(model.spells_keys()));
    let label = safe(&label.unwrap_or_default());
    vec![
        Span::text("last key: "),
        Span::key(format!("{label:<KEY_ROOM$}")),
    ]
}

/// The keys that answer, as one hint.
fn answers(model: &Model) -> Hint {
    let keys = [
        Command::AnswerYesShown,
        Command::AnswerYesSaid,
        Command::AnswerYes,
        Command::AnswerPartly,
        Command::AnswerNo,
        Command::AnswerUnknown,
    ];
    let first = |command| {
        model
            .keymap
            .keys_of(command)
            .first()
            .map(|keys| keys.label(model.spells_keys()))
    };
    let keys: Vec<String> = keys.into_iter().filter_map(first).collect();
    Hint::new(keys.join(" "), "answer", 5)
}

/// What `Esc` does here; `None` where there is nothing to leave.
fn way_out(model: &Model) -> Option<&'static str> {
    match model.overlay() {
        Some(Overlay::Form(_)) => return Some("keeps nothing"),
        Some(Overlay::Help(_) | Overlay::Palette(_) | Overlay::Prompt(_) | Overlay::Menu(_)) => {
            return Some("back");
        }
        None => {}
    }
    match model.page() {
        Page::Walk(_) | Page::Signs(_) | Page::Seal(_) => Some("done"),
        Page::Preview(preview) if preview.progress.is_some() => Some("stop"),
        Page::Sweep(sweep) if sweep.is_asking() => Some("stop"),
        Page::Paper(_) => Some("not now"),
        Page::Journal(_)
        | Page::Preview(_)
        | Page::Sweep(_)
        | Page::Fresh(_)
        | Page::Week(_)
        | Page::Map(_)
        | Page::After(_)
        | Page::Hours(_)
        | Page::Insights(_)
        | Page::Reviews(_) => Some("back"),
        Page::Welcome(_) | Page::Cockpit | Page::OneOnOne(_) => None,
    }
}

/// What is about a deal, which these pages do not show; the journal has something to copy.
const ABOUT_A_DEAL: [Command; 8] = [
    Command::Copy,
    Command::Touch,
    Command::Fire,
    Command::Hold,
    Command::Continue,
    Command::Ask,
    Command::Evidence,
    Command::NextDeal,
];

/// What the week leaves to the cockpit, which shows the deal that it is about.
const BESIDE_A_WEEK: [Command; 5] = [
    Command::Fire,
    Command::Hold,
    Command::Continue,
    Command::Evidence,
    Command::NextDeal,
];

/// What has no room, or means something else, beside an ask that came back.
const BESIDE_AN_ASK: [Command; 10] = [
    Command::Copy,
    Command::Fire,
    Command::Hold,
    Command::Continue,
    Command::Ask,
    Command::Evidence,
    Command::NextDeal,
    Command::AnswerStillSo,
    Command::AnswerClear,
    Command::AllQuestions,
];

/// What stands on the page of the 1:1 itself.
const AT_THE_TABLE: [Command; 16] = [
    Command::AnswerNotForThem,
    Command::Copy,
    Command::Touch,
    Command::Fire,
    Command::Hold,
    Command::Continue,
    Command::Ask,
    Command::Happened,
    Command::FireAsPromised,
    Command::KeepGoing,
    Command::TakeBack,
    Command::Later,
    Command::LetGo,
    Command::MayFire,
    Command::AnswerStillSo,
    Command::AnswerClear,
];

/// What means nothing while answers are sealed.
const BESIDE_A_SEAL: [Command; 10] = [
    Command::AnswerNotForThem,
    Command::Copy,
    Command::Touch,
    Command::Fire,
    Command::Hold,
    Command::Continue,
    Command::Ask,
    Command::Evidence,
    Command::AnswerStillSo,
    Command::AnswerClear,
];

/// What `Enter` does in the 1:1.
fn table_word(model: &Model) -> Option<&'static str> {
    let Page::OneOnOne(page) = model.page() else {
        return None;
    };
    if page.session().is_none() {
        return Some("begin");
    }
    match page.talk() {
        Talk::Open => page.manager().map(|_| "seal what stands"),
        Talk::Asking => Some("reveal"),
        Talk::Revealing => Some("reveal next"),
        Talk::Settling => None,
    }
}

/// What `Enter` does on the row of the week under the cursor.
fn week_word(model: &Model) -> Option<&'static str> {
    let Page::Week(week) = model.page() else {
        return None;
    };
    Some(match week.row()? {
        WeekRow::Gone => "gone",
        WeekRow::Ask(_) => "what came back?",
        WeekRow::Selling => "say",
        WeekRow::Plan(_) | WeekRow::Due(_) => "the deal",
        WeekRow::OwnTime => return None,
    })
}

/// Whether a key is no use here, belongs to an inner place, or is written on the page itself.
fn is_elsewhere(command: Command, model: &Model, live: &[Scope]) -> bool {
    let hidden: &[Command] = match model.page() {
        Page::Walk(_) => &[
            Command::Skip,
            Command::Ask,
            Command::Copy,
            Command::NextDeal,
            Command::Touch,
        ],
        Page::Journal(_) | Page::Reviews(_) => &ABOUT_A_DEAL[1..],
        Page::Preview(_)
        | Page::Sweep(_)
        | Page::Signs(_)
        | Page::Fresh(_)
        | Page::After(_)
        | Page::Hours(_)
        | Page::Insights(_) => &ABOUT_A_DEAL,
        Page::Paper(_) | Page::Map(_) => &[
            Command::Copy,
            Command::Ask,
            Command::Evidence,
            Command::NextDeal,
        ],
        // They stand beside the deal.
        Page::OneOnOne(_) => &AT_THE_TABLE,
        Page::Seal(_) => &BESIDE_A_SEAL,
        Page::Week(week) if week.back.is_some() => &BESIDE_AN_ASK,
        Page::Week(_) => &BESIDE_A_WEEK,
        Page::Welcome(_) | Page::Cockpit => &[],
    };
    let runs = matches!(model.page(), Page::Preview(preview) if preview.progress.is_some());
    hidden.contains(&command)
        || is_of_another_row(command, model)
        || (runs && command == Command::PreviewPart)
        // These keys open the signal there.
        || (live.contains(&Scope::Signal)
            && matches!(command, Command::OpenQuestions | Command::Why))
        || (command == Command::PaletteComplete
            && matches!(model.overlay(), Some(Overlay::Menu(_))))
        || (command == Command::Help && matches!(model.overlay(), Some(Overlay::Help(_))))
        || (command == Command::Copy && model.current_deal().is_none())
        || (matches!(command, Command::Fire | Command::Continue) && live.contains(&Scope::Due))
}

/// Whether a key of the page of what is over is about another kind of row than the one under the
/// cursor, or is written beside it.
fn is_of_another_row(command: Command, model: &Model) -> bool {
    const TOLD: [Command; 5] = [
        Command::CameBackBetter,
        Command::CameBackUnchanged,
        Command::BoughtElsewhere,
        Command::BoughtNothing,
        Command::Silence,
    ];
    const AGAIN: [Command; 2] = [Command::SellAgain, Command::NotAgain];
    let Page::After(page) = model.page() else {
        return false;
    };
    // It stands in the heading of those that it is about.
    command == Command::NoChange
        || match page.row() {
            Some(AfterRow::Outcome(_)) | None => {
                TOLD.contains(&command) || AGAIN.contains(&command)
            }
            Some(AfterRow::Regret(_)) => TOLD.contains(&command),
            Some(AfterRow::Fired(_)) => {
                let is_over = page.takes(OutcomeKind::Silence).is_err();
                let says = TOLD.contains(&command) || command == Command::AfterWords;
                AGAIN.contains(&command) || (is_over && says)
            }
        }
}

/// Hints that belong together.
fn group(command: Command) -> Option<&'static str> {
    let decides = matches!(command, Command::Fire | Command::Hold | Command::Continue);
    decides.then_some("decide")
}

/// What is dropped first where the room is short: the way to all keys goes last.
fn drop_rank(command: Command, place: u8) -> u8 {
    let ahead = [
        (Command::Help, 0),
        (Command::Palette, 1),
        (Command::Undo, 23),
        (Command::NextDeal, 31),
        (Command::Touch, 39),
        (Command::Find, 40),
        // Written beside the question that they are about.
        (Command::Copy, 54),
        (Command::Evidence, 55),
    ];
    let own = ahead.iter().find(|(other, _)| *other == command);
    own.map_or(place, |(_, rank)| *rank)
}

/// What may follow the keys pressed so far.
fn continuations(model: &Model) -> Foot {
    let started: Vec<String> = model
        .pending
        .iter()
        .map(|chord| chord.label(model.spells_keys()))
        .collect();
    let mut left = vec![Hint::new(started.join(" "), "then", 0)];
    for (at, next) in model.continuations().iter().enumerate() {
        let word = next.command.info().title.to_lowercase();
        left.push(Hint::new(
            next.chord.label(model.spells_keys()),
            word,
            1 + at as u8,
        ));
    }
    Foot {
        left,
        right: vec![Hint::new("Esc", "back", 0)],
    }
}
