//! What the worker has to say. Replies to older requests change nothing.

use super::{
    Effects, Renewal, after, answer, cards, decide, export, insights, journal, judged, lists, map,
    notes, one_on_one, overtaken, overtaken_by_others, places, preview, reviews, say, sweep, week,
    write,
};
use crate::app::list::NewIndex;
use crate::app::model::{Facts, Model, Overlay, Page, Pane, Then, Welcome, Work};
use crate::app::msg::{Doing, OpenedPipeline, Reply};
use crate::app::toast::Part;
use crate::domain::act::Act;
use crate::domain::shown::Free;

/// Takes a reply.
pub(super) fn reply(model: &mut Model, reply: Reply, effects: &mut Effects) {
    match reply {
        Reply::Opened(opened) => open(model, *opened, effects),
        Reply::Facts(facts) => take_facts(model, *facts),
        Reply::Overtaken => overtaken_by_others(model),
        Reply::BankInForce(bank) => {
            model.bank = Some(bank);
            model.detail.question = None;
            overtaken(model);
        }
        Reply::Index {
            generation,
            ids,
            groups,
            partial,
        } => {
            let before = model.list.current();
            model.list.take_index(
                generation,
                NewIndex {
                    ids,
                    groups,
                    partial,
                },
            );
            if model.list.current() != before {
                model.detail.top = 0;
                model.detail.checklist_top = 0;
            }
        }
        Reply::Window { request, rows } => model.list.take_window(request, rows),
        Reply::Detail { deal, detail } => {
            model.detail.loading = None;
            match detail {
                Some(detail) => {
                    model.detail.loaded = Some(detail);
                    judged::pending_answers(model);
                    // What was read before the last write is shown and not built upon.
                    if !model.detail.stale {
                        decide::fill_waiting(model);
                    }
                    answer::settle(model);
                }
                None => gone(model, deal),
            }
        }
        Reply::Applied { done, kind, left } => write::applied(model, &done, kind, &left, effects),
        Reply::Failed {
            doing,
            what,
            why,
            hint,
        } => {
            failed(model, &doing, &what, &why, &hint);
        }
        Reply::JournalPage {
            deal,
            before,
            rows,
            whole,
        } => {
            journal::page(model, deal, before, rows, whole);
        }
        Reply::Changes {
            action,
            changes,
            more,
        } => journal::changes(model, action, changes, more),
        Reply::SweepPage { page, data } => sweep::page(model, page, data),
        Reply::Map(found) => map::take(model, found),
        Reply::After(data) => after::take(model, *data),
        Reply::Hours(data) => after::take_hours(model, *data),
        Reply::Insights(all) => insights::take(model, all),
        Reply::Behind(rows) => insights::take_deals(model, rows),
        Reply::Minutes { path, text } => one_on_one::minuted(model, path, text, effects),
        Reply::Reviews(pairs) => reviews::take(model, pairs),
        Reply::MinutesOf(minutes) => reviews::take_minutes(model, minutes.map(|of| *of)),
        Reply::Meeting(meeting) => one_on_one::take(model, *meeting),
        Reply::Table(table) => one_on_one::take_table(model, *table),
        Reply::Week(data) => week::take(model, *data, effects),
        Reply::Paper(rows, total) => cards::take_paper(model, rows, total),
        Reply::SweepPiles(piles) => sweep::piles(model, piles),
        Reply::Preview {
            number,
            data,
            share,
        } => preview::read(model, number, data, share, effects),
        Reply::PreviewCounts {
            number,
            counts,
            share,
        } => preview::counted(model, number, counts, share),
        Reply::ImportProgress { done, of, ending } => preview::progress(model, done, of, ending),
        Reply::ImportDone { counts, cancelled } => preview::done(model, counts, cancelled),
        Reply::NewestExport(export) => preview::found(model, export, effects),
        Reply::Edited { field, text } => decide::edited(model, field, text),
        Reply::Copied { sure } => {
            notes::copied(model, sure);
        }
        Reply::Left { way, path } => decide::left(model, way, path),
        Reply::NotesOut(out) => notes::done(model, *out, effects),
        Reply::CalendarWritten { path, dates } => decide::calendar_written(model, path, dates),
        Reply::Exported { path, deals } => {
            model.work.exporting = false;
            let count = model
                .locale
                .number(i64::try_from(deals).unwrap_or(i64::MAX));
            let words = vec![
                Part::Words(format!("Wrote {count} deals to ")),
                Part::Free(None, Free::new(path)),
            ];
            say::done(model, words, "");
        }
        Reply::Crms(crms) => export::ask(model, crms),
        Reply::Told { what, left } => export::told(model, what, left),
        Reply::Actor(who) => {
            model.work.naming = false;
            say::note(model, format!("{who} sits here now"), "");
            model.who = who;
            model.work.facts_stale = true;
        }
    }
}

fn open(model: &mut Model, opened: OpenedPipeline, effects: &mut Effects) {
    let OpenedPipeline {
        who,
        demo,
        bank,
        facts,
        messages,
        place,
    } = opened;
    let is_another = model.opened;
    let came_back = !is_another
        && !demo
        && !model.asked_for
        && facts.week
        && !facts.read_only
        && week::is_another_sitting(model, place.as_ref());
    model.asked_back = place.as_ref().and_then(|place| place.came_back);
    model.opened = true;
    model.who = who;
    model.demo = demo;
    model.bank = Some(bank);
    model.messages = messages;
    model.facts = facts;
    model.work = Work {
        finding: model.work.finding,
        came_back,
        ..Work::default()
    };
    model.overlays.clear();
    model.pending.clear();
    model.detail = crate::app::model::DetailPane::default();
    let query = std::mem::take(&mut model.list.query);
    // Requests count on: replies about the pipeline before change nothing.
    model.list = crate::app::list::List {
        generation: model.list.generation,
        fetches: model.list.fetches,
        outdated: model.list.fetches,
        ..crate::app::list::List::default()
    };
    if model.asked_for && !is_another {
        model.list.query = query;
        // What was asked for with a filter by amount is not answered under a mask.
        lists::masked(model);
    } else if let Some(place) = place {
        places::restore(model, &place);
    } else {
        model.pane = Pane::List;
        model.zoom = false;
    }
    model.list.want(Renewal::Renew);
    model.pages = if model.facts.deals == 0 {
        vec![Page::Welcome(Welcome::default())]
    } else {
        vec![Page::Cockpit]
    };
    if !demo {
        preview::look(model, effects);
    }
}

fn take_facts(model: &mut Model, facts: Facts) {
    model.work.facts = false;
    model.facts = facts;
    let is_empty = model.facts.deals == 0;
    match model.pages.first_mut() {
        Some(first @ Page::Welcome(_)) if !is_empty => {
            // Somebody else filled the pipeline.
            *first = Page::Cockpit;
            model.list.want(Renewal::Renew);
        }
        Some(_) | None => {}
    }
    // Figures that were asked for before the import ended know none of its owners.
    if model.work.facts_stale || !std::mem::take(&mut model.work.ask_owner) {
        return;
    }
    if model.facts.me.is_none() {
        match model.facts.owners.as_slice() {
            [] => {}
            [one] => {
                let owner = one.clone();
                write::act(model, Act::OwnerIs { owner }, Then::Nothing);
            }
            [_, _, ..] => {
                if model.overlays.is_empty() && matches!(model.page(), Page::Cockpit) {
                    lists::owners(model);
                }
            }
        }
    }
}

fn gone(model: &mut Model, deal: crate::domain::ids::DealId) {
    model.detail.missing = Some(deal);
    if matches!(model.overlays.last(), Some(Overlay::Form(form)) if form.waiting) {
        model.overlays.pop();
    }
    if let Page::Walk(walk) = model.page()
        && walk.deal == deal
    {
        model.pages.pop();
    }
    if model
        .detail
        .loaded
        .as_ref()
        .is_some_and(|detail| detail.deal.id == deal)
    {
        model.detail.loaded = None;
    }
    say::note(
        model,
        "This deal is gone: somebody removed it",
        "R renews the list",
    );
}

fn failed(model: &mut Model, doing: &Doing, what: &str, why: &str, hint: &str) {
    match doing {
        Doing::Write => {
            write::refused(model, what, why, hint);
            return;
        }
        Doing::Facts => {
            model.work.facts = false;
            model.work.ask_owner = false;
        }
        Doing::Index(generation) => model.list.give_up_index(*generation),
        Doing::Window(request) => model.list.give_up_window(*request),
        Doing::Detail(deal) => {
            model.detail.loading = None;
            model.detail.missing = Some(*deal);
            if matches!(model.overlays.last(), Some(Overlay::Form(form)) if form.waiting) {
                model.overlays.pop();
            }
        }
        Doing::Journal => journal::give_up(model),
        Doing::Map => map::give_up(model),
        Doing::After => after::give_up(model),
        Doing::Hours => after::give_up_hours(model),
        Doing::Insights => insights::give_up(model),
        Doing::Meeting => one_on_one::give_up(model),
        Doing::Reviews => reviews::give_up(model),
        Doing::Week => week::give_up(model),
        Doing::Paper => cards::give_up(model),
        Doing::Sweep => sweep::give_up(model),
        Doing::Preview | Doing::Import => preview::failed(model, doing),
        Doing::FindExport => {
            model.work.finding = false;
            model.work.open_found = false;
        }
        Doing::Open | Doing::Place | Doing::Minutes => {}
        Doing::Copy => notes::not_copied(model),
        Doing::EditText => model.work.editing = false,
        Doing::Actor => model.work.naming = false,
        Doing::Export => model.work.exporting = false,
        Doing::Message => model.work.leaving = false,
        Doing::Calendar => model.work.calendar = false,
        // The week says nothing of the CRMs then.
        Doing::Crms => {
            if !export::give_up(model) {
                return;
            }
        }
        Doing::Demo => model.work.demo = false,
    }
    say::failed(model, what, why, hint);
}
