//! Closing notes on their way out: one, or all that wait, each logged once.

use super::{Effects, say, week};
use crate::app::effect::{Effect, Left, Notes};
use crate::app::form::FormKind;
use crate::app::model::{Model, Overlay, Page};
use crate::app::msg::NotesOut;
use crate::app::toast::Part;
use crate::app::week::WeekRow;
use crate::domain::ids::DealId;
use crate::domain::message::{FAREWELL, Way};
use crate::domain::shown::Free;

/// Why nothing goes out while a mask is on.
const MASKED: &str = "A closing note names them: `:unmask` lets it go out";

/// Copies the closing note that waits longest, on the row of what was fired.
///
/// Returns whether the cursor is on that row.
pub(super) fn copy_next(model: &mut Model, effects: &mut Effects) -> bool {
    let Page::Week(week) = model.page() else {
        return false;
    };
    if week.row() != Some(WeekRow::Gone) {
        return false;
    }
    let next = week.waiting_notes().next();
    let next = next.map(|next| (next.deal, next.note.clone()));
    match next {
        None => say::note(model, "Every closing note went out", ""),
        Some(_) if model.mask.hides_amounts() => say::refused(model, MASKED),
        Some(_) if !model.work.copying.is_empty() => say::refused(model, "A copy is on its way"),
        Some((_, None)) => say::refused(model, "The first of them has no closing note"),
        Some((deal, Some(note))) => {
            effects.push(Effect::Copy(
                model.mask.free(&note, Some(deal)).into_owned(),
            ));
            model.work.copying = vec![deal];
        }
    }
    true
}

/// Puts out every closing note that waits, from the week.
pub(super) fn all(model: &mut Model, way: Way, effects: &mut Effects) {
    let Page::Week(week) = model.page() else {
        return;
    };
    let deals: Vec<DealId> = week.waiting_notes().map(|fired| fired.deal).collect();
    if deals.is_empty() {
        say::note(model, "Every closing note went out", "");
        return;
    }
    if may(model) {
        put_out(
            model,
            Notes {
                deals,
                way,
                fired: false,
            },
            effects,
        );
    }
}

/// Fires the marked deals of the sheet on top, and puts their notes out once that is written.
///
/// Returns whether the sheet is one of that kind.
pub(super) fn with_firing(model: &mut Model, way: Way) -> bool {
    let is_for_many = matches!(
        model.overlays.last(),
        Some(Overlay::Form(form)) if form.kind == FormKind::Fire && form.deals.len() > 1
    );
    if is_for_many
        && may(model)
        && let Some(Overlay::Form(form)) = model.overlays.last_mut()
        && form.drawn
        && !form.sending
    {
        form.notes = Some(way);
        super::decide::send(model);
    }
    is_for_many
}

/// Puts the notes of deals out that were fired just now.
pub(super) fn of_fired(model: &mut Model, deals: &[DealId], way: Way, effects: &mut Effects) {
    let deals = deals.to_vec();
    put_out(
        model,
        Notes {
            deals,
            way,
            fired: true,
        },
        effects,
    );
}

fn may(model: &mut Model) -> bool {
    let why = if model.mask.hides_amounts() {
        MASKED
    } else if model.work.leaving || !model.work.copying.is_empty() {
        "A message is on its way out already"
    } else {
        return true;
    };
    say::refused(model, why);
    false
}

fn put_out(model: &mut Model, notes: Notes, effects: &mut Effects) {
    model.work.leaving = true;
    effects.push(Effect::PutOutNotes(Box::new(notes)));
}

/// The notes are written, or brought to be copied.
pub(super) fn done(model: &mut Model, out: NotesOut, effects: &mut Effects) {
    model.work.leaving = false;
    let fired = if out.notes.fired {
        let fired = model.locale.number(out.notes.deals.len() as i64);
        format!("Fired {fired} deals · ")
    } else {
        String::new()
    };
    if out.written.is_empty() {
        say::note(
            model,
            format!("{fired}no closing note was written for them"),
            "",
        );
        return;
    }
    let hint = if out.notes.fired {
        "u undoes the firing"
    } else {
        ""
    };
    let Some(folder) = out.folder else {
        model.work.copying.clone_from(&out.written);
        model.work.copied = Some((fired, hint));
        effects.push(Effect::Copy(out.text));
        return;
    };
    let what = match out.notes.way {
        Way::Mail => ("draft", "drafts"),
        Way::Copy | Way::File | Way::Print => ("closing note", "closing notes"),
    };
    let count = counted(model, out.written.len(), what);
    let words = vec![
        Part::Words(format!("{fired}{count} in ")),
        Part::Free(None, Free::new(folder)),
    ];
    say::done(model, words, hint);
    log(model, &out.written, out.notes.way);
}

/// A copy reached a clipboard, or at least the terminal.
pub(super) fn copied(model: &mut Model, sure: bool) {
    let deals = std::mem::take(&mut model.work.copying);
    let all = model.work.copied.take();
    log(model, &deals, Way::Copy);
    let maybe = if sure {
        ""
    } else {
        ", if your terminal allows it"
    };
    match all {
        Some((fired, hint)) => {
            let count = counted(model, deals.len(), ("closing note", "closing notes"));
            say::note(
                model,
                format!("{fired}{count} copied as one text{maybe}"),
                hint,
            );
        }
        None => say::note(model, format!("Copied{maybe}"), ""),
    }
}

/// A copy failed: what was to be copied still waits.
pub(super) fn not_copied(model: &mut Model) {
    model.work.copying.clear();
    model.work.copied = None;
}

fn counted(model: &Model, count: usize, (one, many): (&str, &str)) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{} {many}", model.locale.number(count as i64)),
    }
}

/// Notes that closing notes left, at once on the page and for good in the log.
fn log(model: &mut Model, deals: &[DealId], way: Way) {
    for deal in deals {
        model.work.notes.push(Left {
            deal: *deal,
            kind: FAREWELL,
            way,
        });
        week::note_left(model, *deal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::{Desk, today};
    use crate::domain::act::Act;
    use crate::domain::deal::{Week, WeekFired};
    use crate::domain::shown::{Level, Mask};

    fn fired(deal: i64, note_left: bool) -> WeekFired {
        WeekFired {
            deal: DealId(deal),
            name: format!("Account {deal}").as_str().into(),
            day: today(),
            minutes_reclaimed: 60,
            note_left,
            note: Some("We step back.".into()),
        }
    }

    /// On the week, on what was fired.
    fn on_week() -> Desk {
        let mut desk = Desk::new(6);
        desk.week = Week {
            monday: Some(today()),
            fired: vec![fired(4, false), fired(5, true), fired(6, false)],
            ..Week::default()
        };
        desk.model.facts.week = true;
        desk.press("g w").answer_all();
        desk
    }

    fn logged(desk: &Desk) -> Vec<(i64, Way)> {
        let left = desk.effects.iter().filter_map(|effect| {
            if let Effect::LogMessage(left) = effect {
                assert_eq!(left.kind, FAREWELL);
                return Some((left.deal.0, left.way));
            }
            None
        });
        left.collect()
    }

    #[test]
    fn all_that_wait_go_out_at_once_and_are_logged_once_each() {
        for (key, way) in [("A", Way::Copy), ("d", Way::Mail), ("w", Way::File)] {
            let mut desk = on_week();

            desk.press(key).answer_all();

            assert_eq!(logged(&desk), [(6, way), (4, way)], "{key}");
            assert!(desk.toast().starts_with("2 "), "{}", desk.toast());
            desk.press("A d w c").answer_all();
            assert_eq!(logged(&desk).len(), 2, "none goes out twice");
        }
    }

    #[test]
    fn what_was_not_copied_still_waits() {
        let mut desk = on_week();
        desk.answers = false;
        desk.press("c");
        desk.fail_one();
        desk.answers = true;

        assert_eq!(logged(&desk), []);
        desk.press("c").answer_all();
        assert_eq!(logged(&desk), [(6, Way::Copy)]);
    }

    #[test]
    fn marked_deals_are_fired_and_their_notes_put_out_in_one_go() {
        for (key, way) in [("c", Way::Copy), ("d", Way::Mail), ("w", Way::File)] {
            let mut desk = Desk::new(4);
            desk.press("Space Space F").press(key).answer_all();

            assert!(matches!(desk.act(), Act::Fire { deals, .. } if deals.len() == 2));
            assert_eq!(logged(&desk), [(1, way), (2, way)], "{key}");
            let toast = desk.toast();
            assert!(toast.starts_with("Fired 2 deals \u{b7} 2 "), "{toast}");
            assert!(desk.model.overlays.is_empty());
        }
    }

    #[test]
    fn under_a_mask_nothing_goes_out_and_nobody_is_fired() {
        let mut desk = Desk::new(4);
        desk.model.mask = Mask::new(Level::Amounts, 7);
        desk.press("Space Space F d").answer_all();

        assert!(desk.acts.is_empty());
        assert!(desk.toast().contains(":unmask"), "{}", desk.toast());
    }
}
