//! Doing by name: finding commands, their arguments, and running one.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::moves::{self, Step};
use super::{Effects, lists, run, say, share};
use crate::app::command::{Argument, Command, CommandInfo, Scope, table};
use crate::app::form::text::TextInput;
use crate::app::layout;
use crate::app::list::Order;
use crate::app::model::{Model, Overlay, Page, SavedView};
use crate::app::palette::{Palette, PaletteRow};

/// Opens the palette on a text.
pub(super) fn open(model: &mut Model, text: &str) {
    let input = TextInput::line(text);
    model.overlays.push(Overlay::Palette(Palette {
        input,
        rows: Vec::new(),
        cursor: 0,
        top: 0,
    }));
    refresh(model);
}

/// Finds again what the text means; the cursor goes to the best.
pub(super) fn refresh(model: &mut Model) {
    let Some(Overlay::Palette(open)) = model.overlays.last() else {
        return;
    };
    let rows = rows(model, &open.input.text());
    if let Some(Overlay::Palette(open)) = model.overlays.last_mut() {
        open.rows = rows;
        open.cursor = 0;
        open.top = 0;
    }
}

/// Moves the cursor.
pub(super) fn step(model: &mut Model, by: isize) {
    let shown = layout::overlay_rows(model.size);
    if let Some(Overlay::Menu(_)) = model.overlays.last() {
        moves::step(model, Step::Rows(by));
    }
    if let Some(Overlay::Palette(open)) = model.overlays.last_mut() {
        let last = open.rows.len().saturating_sub(1);
        open.cursor = open.cursor.saturating_add_signed(by).min(last);
        open.top = open
            .top
            .min(open.cursor)
            .max((open.cursor + 1).saturating_sub(shown));
    }
}

/// Takes over the name under the cursor, to type its argument behind it.
pub(super) fn complete(model: &mut Model) {
    let Some(Overlay::Palette(open)) = model.overlays.last_mut() else {
        return;
    };
    let Some(row) = open.rows.get(open.cursor) else {
        return;
    };
    let text = match &row.argument {
        Some(argument) => format!("{} {argument}", row.name),
        None => format!("{} ", row.name),
    };
    open.input.set(&text);
    refresh(model);
}

/// Does what is under the cursor.
pub(super) fn take(model: &mut Model, effects: &mut Effects) {
    if let Some(Overlay::Menu(menu)) = model.overlays.last() {
        if menu.rows.is_empty() {
            say::refused(model, "Nothing is called like this");
        } else {
            lists::menu_take(model, effects);
        }
        return;
    }
    let Some(Overlay::Palette(open)) = model.overlays.last() else {
        return;
    };
    let Some(row) = open.rows.get(open.cursor).cloned() else {
        say::refused(model, "No command is called like this");
        return;
    };
    model.overlays.pop();
    run::run(model, row.command, row.argument.as_deref(), effects);
}

fn rows(model: &Model, text: &str) -> Vec<PaletteRow> {
    let text = text.trim_start();
    if let Some((name, rest)) = text.split_once(' ')
        && let Some(command) = Command::by_name(name)
        && is_offered(model, command.info())
        && command.info().argument != Argument::None
    {
        return arguments(model, command, rest.trim());
    }
    let rows = table().filter(|info| is_offered(model, info));
    if text.trim().is_empty() {
        return rows.map(|info| row(model, info, None)).collect();
    }
    let mut finder = Finder::new(text);
    let mut found: Vec<(u32, &CommandInfo)> = rows
        .filter_map(|info| {
            let score = finder.score(&format!("{} {}", info.name, info.title))?;
            Some((score + likeness(info.name, text), info))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found
        .into_iter()
        .map(|(_, info)| row(model, info, None))
        .collect()
}

/// Whether the palette offers a command here.
fn is_offered(model: &Model, info: &CommandInfo) -> bool {
    let is_here = match info.scope {
        Scope::Always | Scope::Browse | Scope::Everywhere => true,
        Scope::Cockpit | Scope::List | Scope::Detail => matches!(model.page(), Page::Cockpit),
        Scope::Due
        | Scope::Returned
        | Scope::Signal
        | Scope::Owed
        | Scope::Checklist
        | Scope::Questions
        | Scope::Journal
        | Scope::Preview
        | Scope::Sweep
        | Scope::Swept
        | Scope::Week
        | Scope::CameBack
        | Scope::Signs
        | Scope::Fresh
        | Scope::Paper
        | Scope::Map
        | Scope::After
        | Scope::Hours
        | Scope::Insights
        | Scope::OneOnOne
        | Scope::Seal
        | Scope::Reviews
        | Scope::Welcome
        | Scope::Palette
        | Scope::Prompt
        | Scope::Menu
        | Scope::Form
        | Scope::Choice
        | Scope::Text
        | Scope::Sheet => false,
    };
    info.by_name && is_here
}

fn row(model: &Model, info: &CommandInfo, argument: Option<(String, String)>) -> PaletteRow {
    let keys = model.keymap.keys_of(info.command);
    let placeholder = info.argument.placeholder();
    let (argument, title) = match argument {
        Some((argument, words)) => (Some(argument), words),
        None if placeholder.is_empty() => (None, info.title.to_owned()),
        None => (None, format!("{} {placeholder}", info.title)),
    };
    PaletteRow {
        command: info.command,
        argument,
        title,
        name: info.name.to_owned(),
        summary: info.summary.to_owned(),
        keys: keys
            .first()
            .map(|keys| keys.label(model.ascii))
            .unwrap_or_default(),
        reason: (info.enabled)(model).err(),
    }
}

/// What can stand behind a command's name; what was typed stands for itself where anything can.
fn arguments(model: &Model, command: Command, typed: &str) -> Vec<PaletteRow> {
    let info = command.info();
    let same = |word: &str| (word.to_owned(), word.to_owned());
    let named = |(word, says): (&str, &str)| (word.to_owned(), says.to_owned());
    // A view is called as somebody typed it: perhaps as what a mask hides.
    let kept = |saved: &SavedView| {
        let title = share::typed(model, &saved.name);
        (saved.name.clone(), title)
    };
    let offers: Vec<(String, String)> = match info.argument {
        Argument::View => {
            let mut offers: Vec<_> = lists::built_in(model)
                .into_iter()
                .map(|(view, _)| (view.code().to_owned(), view.title()))
                .collect();
            offers.extend(model.facts.saved.iter().map(kept));
            offers
        }
        Argument::SavedView => model.facts.saved.iter().map(kept).collect(),
        Argument::Order => Order::ALL
            .into_iter()
            .map(|order| {
                (
                    order.name().to_owned(),
                    format!("{}: {}", order.name(), order.help()),
                )
            })
            .collect(),
        Argument::Bank => model.facts.banks.clone(),
        Argument::Status => ["won", "lost", "removed", "open"]
            .into_iter()
            .map(same)
            .collect(),
        Argument::Unmask => share::UNMASK.map(named).into(),
        Argument::Share => share::SHARE.map(named).into(),
        Argument::Owner => model.facts.owners.iter().map(|owner| same(owner)).collect(),
        Argument::None
        | Argument::Filter
        | Argument::File
        | Argument::Action
        | Argument::Person
        | Argument::Words => Vec::new(),
    };
    if offers.is_empty() {
        let argument =
            (!typed.is_empty()).then(|| (typed.to_owned(), format!("{}: {typed}", info.title)));
        return vec![row(model, info, argument)];
    }
    if typed.is_empty() {
        return offers
            .into_iter()
            .map(|offer| row(model, info, Some(offer)))
            .collect();
    }
    let mut finder = Finder::new(typed);
    let mut found: Vec<(u32, (String, String))> = offers
        .into_iter()
        .filter_map(|offer| {
            let score = finder.score(&format!("{} {}", offer.0, offer.1))?;
            Some((score + likeness(&offer.0, typed), offer))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    if found.is_empty() {
        // It is handed on as typed, so that the command says what it takes.
        let offer = (typed.to_owned(), format!("{}: {typed}", info.title));
        return vec![row(model, info, Some(offer))];
    }
    found
        .into_iter()
        .map(|(_, offer)| row(model, info, Some(offer)))
        .collect()
}

/// The rows that a text finds by their words, the best first; all of them for no text.
pub(super) fn best<T: Clone>(text: &str, rows: &[T], words: impl Fn(&T) -> String) -> Vec<T> {
    if text.trim().is_empty() {
        return rows.to_vec();
    }
    let mut finder = Finder::new(text);
    let scored = rows.iter().filter_map(|row| {
        let words = words(row);
        Some((finder.score(&words)? + likeness(words.trim(), text), row))
    });
    let mut found: Vec<(u32, &T)> = scored.collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, row)| row.clone()).collect()
}

/// A name that begins as typed is what was meant, and one that is just that even more so.
fn likeness(name: &str, typed: &str) -> u32 {
    let (name, typed) = (name.to_lowercase(), typed.trim().to_lowercase());
    if name == typed {
        2000
    } else if name.starts_with(&typed) {
        1000
    } else {
        0
    }
}

/// Looks for letters in their order, in any case.
struct Finder {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Finder {
    fn new(text: &str) -> Self {
        Self {
            pattern: Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    fn score(&mut self, text: &str) -> Option<u32> {
        let haystack = Utf32Str::new(text, &mut self.buffer);
        self.pattern.score(haystack, &mut self.matcher)
    }
}
