//! From a key to a command, or into a text field.

use super::{Effects, cards, lists, palette, prompts, run, say, sweep};
use crate::app::chord::Chord;
use crate::app::command::Scope;
use crate::app::keymap::{Found, scopes};
use crate::app::model::{Model, Overlay};
use crate::app::screen;

/// Takes a key.
pub(super) fn key(model: &mut Model, chord: Chord, hurried: bool, effects: &mut Effects) {
    model.last_key = Some(chord);
    // What cannot be seen is not acted on.
    let live = if model.size.is_enough() {
        scopes(model)
    } else {
        vec![Scope::Always]
    };
    let mut pressed = std::mem::take(&mut model.pending);
    pressed.push(chord);
    let keymap = model.keymap.clone();
    match keymap.find(&live, &pressed) {
        Found::Command(command) => run::by_key(model, command, chord, hurried, effects),
        Found::More(_) => model.pending = pressed,
        // A wrong key ends a started sequence, and nothing else.
        Found::Nothing if pressed.len() > 1 => {}
        Found::Nothing => type_key(model, chord),
    }
}

fn type_key(model: &mut Model, chord: Chord) {
    if !model.size.is_enough() {
        return;
    }
    let cells = screen::sheet_room(model);
    match model.overlays.last_mut() {
        Some(Overlay::Form(form)) => {
            form.set_width(cells);
            form.key(chord);
        }
        Some(Overlay::Palette(open)) => {
            if open.input.key(chord) {
                palette::refresh(model);
            }
        }
        Some(Overlay::Prompt(prompt)) => {
            if prompt.input.key(chord) {
                prompts::changed(model);
            }
        }
        Some(Overlay::Menu(menu)) => {
            if menu.find.as_mut().is_some_and(|find| find.input.key(chord)) {
                lists::menu_typed(model);
            }
        }
        Some(Overlay::Help(_)) => {}
        // In the sweep and on the card of signs letters are labels.
        None => {
            if let Some(letter) = chord.printable() {
                sweep::letter(model, letter);
                cards::tick(model, letter);
            }
        }
    }
}

/// Takes a bracketed paste: text in a text field, else nothing.
pub(super) fn paste(model: &mut Model, text: &str) {
    model.pending.clear();
    let taken = model.size.is_enough()
        && match model.overlays.last_mut() {
            Some(Overlay::Form(form)) => form.paste(text),
            Some(Overlay::Palette(open)) => {
                open.input.insert(text);
                palette::refresh(model);
                true
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.input.insert(text);
                prompts::changed(model);
                true
            }
            Some(Overlay::Menu(menu)) => {
                let taken = menu.find.as_mut().map(|find| find.input.insert(text));
                let is_taken = taken.is_some();
                lists::menu_typed(model);
                is_taken
            }
            Some(Overlay::Help(_)) | None => false,
        };
    if !taken {
        say::refused(model, "Nothing was pasted: there is no text field here");
    }
}
