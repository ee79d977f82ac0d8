//! What is over, and the hours that it freed: loading both pages, and what their keys say.

use super::{Effects, decide, say, week, write};
use crate::app::after::{AfterPage, Known};
use crate::app::effect::Effect;
use crate::app::form::{FormKind, FormLine};
use crate::app::hours::{HoursPage, HoursRow};
use crate::app::model::{Model, Page, Then};
use crate::app::week::step;
use crate::domain::act::Act;
use crate::domain::deal::{After, HoursView, OutcomeKind};
use crate::domain::shown::Free;

/// Opens the page of what is over.
pub(super) fn open(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::After(_)));
    model.pages.push(Page::After(AfterPage {
        stale: true,
        ..AfterPage::default()
    }));
}

/// Opens hours and money.
pub(super) fn open_hours(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Hours(_)));
    model.pages.push(Page::Hours(HoursPage {
        stale: true,
        ..HoursPage::default()
    }));
}

/// Asks for what is shown, where it is new or old and no write is on its way.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    if model.work.is_writing() {
        return;
    }
    match model.pages.last_mut() {
        Some(Page::After(page)) if page.stale && !page.loading => {
            page.stale = false;
            page.loading = true;
            effects.push(Effect::LoadAfter);
        }
        Some(Page::Hours(page)) if page.stale && !page.loading => {
            page.stale = false;
            page.loading = true;
            effects.push(Effect::LoadHours);
        }
        Some(_) | None => {}
    }
}

/// Takes what is over.
pub(super) fn take(model: &mut Model, data: After) {
    if let Some(page) = page(model) {
        page.take(data);
    }
}

/// Takes hours and money.
pub(super) fn take_hours(model: &mut Model, data: HoursView) {
    if let Some(page) = hours_page(model) {
        page.take(data);
    }
}

/// It could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    if model.pages.len() > 1 {
        model.pages.retain(|page| !matches!(page, Page::After(_)));
    }
}

/// Hours and money could not be loaded.
pub(super) fn give_up_hours(model: &mut Model) {
    if model.pages.len() > 1 {
        model.pages.retain(|page| !matches!(page, Page::Hours(_)));
    }
}

/// Says what came of the firing under the cursor.
pub(super) fn outcome(model: &mut Model, kind: OutcomeKind) {
    let Some(page) = page(model) else { return };
    match page.takes(kind) {
        Ok(deal) => {
            page.answered(&[deal]);
            let act = Act::Outcome {
                deal,
                kind,
                words: None,
            };
            write::act(model, act, Then::Say);
        }
        Err(why) => say::refused(model, why),
    }
}

/// Says of all of whom nothing was heard that nothing changed.
pub(super) fn no_change(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let deals = page.silent();
    if deals.is_empty() {
        say::refused(
            model,
            "There is nobody of whom it is time to ask in silence",
        );
        return;
    }
    page.answered(&deals);
    write::act(model, Act::NoChange { deals }, Then::Say);
}

/// Says whether the win under the cursor would be sold again.
pub(super) fn regret(model: &mut Model, again: bool) {
    let Some(page) = page(model) else { return };
    let Some(deal) = page.win() else {
        say::refused(model, "y and n answer for a win: would you sell it again?");
        return;
    };
    page.answered(&[deal]);
    let act = Act::Regret {
        deal,
        again,
        words: None,
    };
    write::act(model, act, Then::Say);
}

/// Opens the sheet in which what came of the row under the cursor is said in words.
pub(super) fn words(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let said = match page.said() {
        Ok(said) => said,
        Err(why) => {
            say::refused(model, why);
            return;
        }
    };
    let kind = match &said.known {
        Known::Came(..) => FormKind::Outcome,
        Known::Won(_) => FormKind::Regret,
    };
    let day = model.locale.date(said.day, model.today);
    let hides = model.mask.hides_amounts();
    let because = said.because.as_deref().map(Free::new);
    let because = because.map(|why| model.mask.free(&why, Some(said.deal)).into_owned());
    let Some(form) = decide::open_sheet(model, kind, said.deal) else {
        return;
    };
    form.name = Some(said.name);
    let (label, text) = match said.known {
        Known::Came(kind, words) => {
            let words = words.filter(|_| !hides);
            form.came(kind, words.as_ref().map_or("", Free::expose_for_storage));
            (
                "fired",
                because.map_or(day.clone(), |why| format!("{day}: {why}")),
            )
        }
        Known::Won(money) => ("won", format!("{day}; {money}")),
    };
    form.lines.push(FormLine {
        label: label.to_owned(),
        text,
        warn: false,
    });
}

/// Goes to the deal under the cursor, in the cockpit.
pub(super) fn open_deal(model: &mut Model) {
    let deal = model.page().deal();
    if let Some(deal) = deal {
        model.pages.truncate(1);
        week::open_deal(model, deal);
    }
}

/// `+` and `-`: an hour more or less of this week for what is under the cursor.
pub(super) fn hours(model: &mut Model, up: bool) {
    let Some(page) = hours_page(model) else {
        return;
    };
    let deal = match page.row() {
        Some(HoursRow::Plan(deal)) => Some(deal),
        Some(HoursRow::OwnTime) => None,
        Some(HoursRow::Earned(_) | HoursRow::BadMoney(_)) | None => {
            say::refused(
                model,
                "+ and - give hours of this week to a deal, or to you",
            );
            return;
        }
    };
    let Some(monday) = page.data.as_ref().and_then(|data| data.monday) else {
        return;
    };
    let Some(minutes) = step(page.plan(deal), up) else {
        say::refused(model, "No hours are planned here");
        return;
    };
    page.note_minutes(deal, i64::from(minutes));
    let act = Act::HoursPlan {
        deal,
        week: monday,
        minutes,
    };
    write::act(model, act, Then::Nothing);
}

fn page(model: &mut Model) -> Option<&mut AfterPage> {
    let Some(Page::After(page)) = model.pages.last_mut() else {
        return None;
    };
    Some(page)
}

fn hours_page(model: &mut Model) -> Option<&mut HoursPage> {
    let Some(Page::Hours(page)) = model.pages.last_mut() else {
        return None;
    };
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::{Desk, today};
    use crate::domain::deal::{MoneySaid, OutcomeDue, RegretRow, WeekPlan};
    use crate::domain::ids::DealId;
    use crate::domain::ledger::{Freed, Ledger};
    use crate::domain::shown::Name;

    fn due(deal: i64, heard: bool) -> OutcomeDue {
        OutcomeDue {
            deal: DealId(deal),
            name: Name::new(format!("Account {deal}")),
            fired: "2026-08-01".parse().unwrap(),
            check: 90,
            due: "2026-10-30".parse().unwrap(),
            reason: Some("gone dark".to_owned()),
            heard: heard.then(today),
        }
    }

    fn desk() -> Desk {
        let mut desk = Desk::new(6);
        desk.after = After {
            outcomes: vec![due(1, false), due(2, true), due(3, false)],
            regrets: vec![RegretRow {
                deal: DealId(4),
                name: Name::new("Account 4"),
                won: "2026-09-01".parse().unwrap(),
                due: "2026-10-31".parse().unwrap(),
                money: MoneySaid::Bad,
                against: vec!["margin".to_owned()],
                again: None,
                day: None,
                words: None,
            }],
            ..After::default()
        };
        desk.model.facts.after_due = 4;
        desk
    }

    /// On the page, with nothing reloaded under the keys.
    fn on_page() -> Desk {
        let mut desk = desk();
        desk.press("g f").answer_all();
        desk.after.outcomes.clear();
        desk.after.regrets.clear();
        desk
    }

    #[test]
    fn no_change_is_one_act_for_all_of_whom_nothing_was_heard() {
        let mut desk = on_page();

        desk.press("A").answer_all();

        let [Act::NoChange { deals }] = desk.acts.as_slice() else {
            panic!("{:?}", desk.acts);
        };
        assert_eq!(deals, &[DealId(1), DealId(3)]);
    }

    #[test]
    fn each_key_answers_for_its_row_and_goes_on() {
        let mut desk = desk();
        desk.answers = false;
        desk.press("g f");
        let data = desk.after.clone();
        take(&mut desk.model, data);

        desk.press("3 . 1 y");

        let waiting = desk.model.work.waiting.iter().map(|write| &write.effect);
        let acts: Vec<String> = desk
            .open
            .iter()
            .chain(waiting)
            .filter(|effect| matches!(effect, Effect::Act(_)))
            .map(|effect| format!("{effect:?}"))
            .collect();
        // On the one that made contact "no change" is refused.
        assert!(
            desk.toast().contains("asked") || acts.len() == 2,
            "{acts:?}"
        );
        assert!(acts[0].contains("BoughtElsewhere") && acts[0].contains("DealId(1)"));
        assert!(acts[1].contains("CameBackBetter") && acts[1].contains("DealId(2)"));
    }

    #[test]
    fn the_page_opens_only_where_there_is_something() {
        let mut desk = Desk::new(3);
        desk.press("g f").answer_all();
        assert!(matches!(desk.model.page(), Page::Cockpit));
        desk.press("g h").answer_all();
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert!(
            desk.toast().contains("firing frees them"),
            "{}",
            desk.toast()
        );
    }

    #[test]
    fn what_came_of_it_is_said_in_words_on_its_sheet() {
        let mut desk = on_page();

        desk.press("j e");
        let shown = desk.form().clone();
        desk.press("Left Tab").type_text("with their new budget");
        desk.press("Tab Enter");

        assert_eq!(
            shown.name.as_ref().map(Name::expose_for_storage),
            Some("Account 2")
        );
        assert!(shown.lines[0].text.ends_with("gone dark"), "{shown:?}");
        let [Act::Outcome { deal, kind, words }] = desk.acts.as_slice() else {
            panic!("{:?}", desk.acts);
        };
        // Filled in is what the record says of one that made contact: they came back unchanged.
        assert_eq!((*deal, *kind), (DealId(2), OutcomeKind::CameBackBetter));
        assert_eq!(words.as_deref(), Some("with their new budget"));
    }

    #[test]
    fn a_win_is_looked_back_on_in_words() {
        let mut desk = on_page();

        desk.press("G e Right Tab").type_text("they call at dinner");
        desk.press("Tab Enter");

        let [Act::Regret { deal, again, words }] = desk.acts.as_slice() else {
            panic!("{:?}", desk.acts);
        };
        assert_eq!((*deal, *again), (DealId(4), false));
        assert_eq!(words.as_deref(), Some("they call at dinner"));
    }

    #[test]
    fn hours_of_this_week_are_given_a_place_from_the_page_of_hours() {
        let freed = [Freed {
            deal: DealId(6),
            day: today(),
            minutes: 600,
        }];
        let mut desk = Desk::new(6);
        desk.hours = HoursView {
            ledger: Ledger::of(&freed, &[], &[], today()),
            monday: Some(today()),
            plans: vec![WeekPlan {
                deal: Some(DealId(2)),
                name: Some(Name::new("Account 2")),
                minutes: 60,
                is_planned: true,
                per_week: 0.0,
                next_step: None,
                next_step_due: None,
                senior: None,
            }],
            ..HoursView::default()
        };
        desk.model.facts.has_hours = true;
        desk.press("g h").answer_all();

        desk.press("+ j +").answer_all();

        let plans: Vec<_> = desk
            .acts
            .iter()
            .filter_map(|act| {
                if let Act::HoursPlan { deal, minutes, .. } = act {
                    return Some((*deal, *minutes));
                }
                None
            })
            .collect();
        assert_eq!(plans, [(Some(DealId(2)), 120), (None, 60)]);
    }
}
