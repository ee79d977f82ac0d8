//! The 1:1: going from deal to deal, typing what is said unseen, revealing it, settling it.

use super::{Effects, say, write};
use crate::app::effect::Effect;
use crate::app::form::{FieldKey, Form, FormLine, MinutesAs};
use crate::app::model::{Model, Overlay, Page, PromptKind, Then};
use crate::app::one_on_one::{Meeting, MinutesWish, OneOnOne, SealPage, Talk, rows_to_ask};
use crate::app::toast::Part;
use crate::domain::act::Act;
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::deal::Detail;
use crate::domain::ids::DealId;
use crate::domain::review::{
    Chosen, Envelope, ItemState, OnTable, PairOf, ReviewClock, Sealed, Spoken,
};
use crate::domain::shown::{Free, Level};
use crate::domain::verdict::Verdict;

/// By how many minutes a meeting becomes longer or shorter.
const STEP: u16 = 5;

/// Opens the page.
pub(super) fn open(model: &mut Model, with: Option<&str>) {
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
    model.pages.push(Page::OneOnOne(Box::new(OneOnOne {
        with: with.map(str::to_owned),
        stale: true,
        ..OneOnOne::default()
    })));
}

/// Asks for what is new or old of the meeting and of the deal on the table.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    if model.work.write.is_none() && std::mem::take(&mut model.work.is_closed) {
        let wish = model.work.minutes.take();
        effects.extend(wish.map(|wish| Effect::WriteMinutes(Box::new(wish))));
    }
    let Some(page) = page(model) else { return };
    if page.stale && !page.loading {
        page.stale = false;
        page.loading = true;
        effects.push(Effect::LoadMeeting(page.with.clone()));
    }
    let Some(deal) = page.deal else { return };
    if page.laying.is_none() && (page.on_table().is_none() || page.table_stale) {
        page.table_stale = false;
        page.laying = Some(deal);
        effects.push(Effect::LayTable(deal));
    }
}

/// Somebody wrote: what is loaded may be old.
pub(super) fn overtaken(page: &mut OneOnOne) {
    page.stale = true;
    page.table_stale = true;
}

/// Takes who meets, and what about.
pub(super) fn take(model: &mut Model, meeting: Meeting) {
    let is_writing = model.work.is_writing();
    let Some(page) = page(model) else { return };
    page.loading = false;
    let on_table = meeting.table();
    let first = meeting.agenda.next_after(None).map(|item| item.deal);
    let before = page.meeting.as_ref().and_then(|meeting| meeting.table());
    let is_new = page.meeting.is_none() || page.deal.is_none();
    page.meeting = Some(Box::new(meeting));
    // Somebody turned to another deal, or it was taken back.
    let is_turned = on_table.is_some() && on_table != before && !is_writing;
    if is_new || is_turned {
        lay(model, on_table.or(first));
    }
}

/// Takes what is known of the deal on the table.
pub(super) fn take_table(model: &mut Model, table: OnTable) {
    let Some(bank) = model.bank.clone() else {
        return;
    };
    let Some(page) = page(model) else { return };
    page.laying = None;
    let revealed = |page: &OneOnOne| page.on_table().map_or(0, |table| table.sealed.pairs.len());
    let before = (page.talk(), revealed(page));
    page.table = Some(Box::new(table));
    // The row that was just revealed is the one to look at; once all are, the first to settle.
    let now = (page.talk(), revealed(page));
    if now != before && now.1 > 0 {
        let pairs = page.on_table().map_or(&[][..], |table| &table.sealed.pairs);
        let unsettled = pairs.iter().position(|pair| pair.is_unsettled());
        page.row = match now.0 {
            Talk::Settling => unsettled.unwrap_or(0),
            Talk::Open | Talk::Asking | Talk::Revealing => now.1 - 1,
        };
    }
    page.row = page.row.min(page.rows(&bank).saturating_sub(1));
}

/// It could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
}

/// Puts a deal on the table of this screen.
fn lay(model: &mut Model, deal: Option<DealId>) {
    let Some(page) = page(model) else { return };
    if page.deal == deal {
        return;
    }
    page.deal = deal;
    page.row = 0;
    page.said.clear();
    model.detail.top = 0;
    model.detail.missing = None;
    if let Some(deal) = deal {
        model.mask.turn_to(deal);
    }
}

/// Begins the meeting, with the first deal on the table.
fn begin(model: &mut Model) {
    let Some(page) = page(model) else { return };
    let first = page.deal;
    let with = page.with.clone();
    let start = Act::ReviewStart {
        with,
        minutes: ReviewClock::PLAN,
        each: ReviewClock::EACH,
    };
    write::act(model, start, Then::Nothing);
    if first.is_some() {
        write::act(model, Act::ReviewTurn { deal: first }, Then::Nothing);
    }
}

/// `Enter`: begins, seals what stands, or reveals the next row.
pub(super) fn enter(model: &mut Model) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let Some(deal) = page.deal else {
        say::refused(model, "Nothing is on the agenda: r on a deal raises a hand");
        return;
    };
    if page.session().is_none() {
        begin(model);
        return;
    }
    let manager = page.manager().map(str::to_owned);
    match (page.talk(), manager) {
        (Talk::Open, None) => say::note(model, "You review alone: decide, or ] goes on", ""),
        (Talk::Open, Some(_)) => {
            let deals = vec![deal];
            write::act(model, Act::SealStanding { deals }, Then::Say);
        }
        (Talk::Asking, Some(manager)) if !page.has_sealed(&manager) => say::refused(
            model,
            format!("{manager} first says it aloud, unseen: the answer keys type it"),
        ),
        (Talk::Asking | Talk::Revealing, _) => {
            write::act(model, Act::Reveal { deal, all: false }, Then::Nothing);
        }
        (Talk::Settling, _) => say::note(model, "All of it is revealed: settle it, decide", ""),
    }
}

/// An answer key: what the manager says, unseen; later what the deal takes.
pub(super) fn answer(model: &mut Model, key: AnswerKey) {
    let (Some(bank), Some(Page::OneOnOne(page))) = (model.bank.clone(), model.pages.last()) else {
        return;
    };
    let (Some(deal), Some(of)) = (page.deal, page.here(&bank)) else {
        say::refused(
            model,
            "Nothing is asked here: Enter seals what is known first",
        );
        return;
    };
    if page.talk() == Talk::Asking {
        let person = page.manager().map(str::to_owned);
        if seal(model, deal, person, &of, key)
            && let Some(page) = self::page(model)
        {
            next_row(&bank, &mut page.said, &mut page.row, of);
        }
        return;
    }
    let PairOf::Question(question) = of else {
        say::refused(model, "The verdict follows from the answers; F H C decide");
        return;
    };
    // An answer settles what differs.
    let answered = Act::Answer {
        deal,
        question,
        key,
        evidence: None,
    };
    write::act(model, answered, Then::Say);
}

/// Seals one answer; says why not where the key does not fit.
fn seal(
    model: &mut Model,
    deal: DealId,
    person: Option<String>,
    of: &PairOf,
    key: AnswerKey,
) -> bool {
    let Some(spoken) = spoken(of, key) else {
        say::refused(
            model,
            match of {
                PairOf::Verdict => "The verdict takes n fire, p get to no, 3 continue",
                PairOf::Question(_) => "An answer takes 0 1 2 3 p n N or x",
            },
        );
        return false;
    };
    let answers = Envelope::new(vec![Sealed::new(of.clone(), spoken, None)]);
    let sealed = Act::Seal {
        deal,
        person,
        answers,
    };
    write::act(model, sealed, Then::Nothing);
    true
}

/// What a key says of a row.
fn spoken(of: &PairOf, key: AnswerKey) -> Option<Spoken> {
    Some(match (of, key) {
        (_, AnswerKey::StillSo | AnswerKey::Clear) => return None,
        (PairOf::Verdict, AnswerKey::NotApplicable) => return None,
        (PairOf::Verdict, AnswerKey::No(_)) => Spoken::Verdict(Verdict::Fire),
        (PairOf::Verdict, AnswerKey::Partly | AnswerKey::Unknown) => {
            Spoken::Verdict(Verdict::GetToNo)
        }
        (PairOf::Verdict, AnswerKey::Yes(_)) => Spoken::Verdict(Verdict::Continue),
        (PairOf::Question(_), AnswerKey::No(grade)) => Spoken::Answer(Value::No, grade),
        (PairOf::Question(_), AnswerKey::Yes(grade)) => Spoken::Answer(Value::Yes, grade),
        (PairOf::Question(_), AnswerKey::Partly) => Spoken::Answer(Value::Partly, Grade::Said),
        (PairOf::Question(_), AnswerKey::Unknown) => Spoken::Answer(Value::Unknown, Grade::Said),
        (PairOf::Question(_), AnswerKey::NotApplicable) => {
            Spoken::Answer(Value::NotApplicable, Grade::Said)
        }
    })
}

fn next_row(bank: &Bank, said: &mut Vec<PairOf>, row: &mut usize, of: PairOf) {
    if !said.contains(&of) {
        said.push(of);
    }
    let last = rows_to_ask(bank).len().saturating_sub(1);
    *row = (*row + 1).min(last);
}

/// Takes whose answer the deal gets, of the row under the cursor.
pub(super) fn choose(model: &mut Model, chosen: Chosen) {
    let (Some(bank), Some(Page::OneOnOne(page))) = (model.bank.clone(), model.pages.last()) else {
        return;
    };
    let is_open = matches!(page.talk(), Talk::Revealing | Talk::Settling);
    let (Some(deal), Some(of), true) = (page.deal, page.here(&bank), is_open) else {
        say::refused(model, "Nothing is revealed yet");
        return;
    };
    let question = match of {
        PairOf::Verdict => None,
        PairOf::Question(id) => Some(id),
    };
    let act = Act::Choose {
        deal,
        question,
        chosen,
    };
    write::act(model, act, Then::Say);
}

/// Goes to the next or previous deal of the agenda.
pub(super) fn turn(model: &mut Model, by: isize) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let is_running = page.session().is_some();
    let Some(deal) = page.along(by) else {
        let (end, hint) = if by > 0 {
            ("last", ":minutes ends the 1:1")
        } else {
            ("first", "")
        };
        say::note(model, format!("This is the {end} deal of the agenda"), hint);
        return;
    };
    lay(model, Some(deal));
    if is_running {
        write::act(model, Act::ReviewTurn { deal: Some(deal) }, Then::Nothing);
    }
}

/// A deal was decided at the table: the next one that is open comes by itself.
pub(super) fn decided(model: &mut Model) -> bool {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return false;
    };
    let agenda = page.meeting.as_ref().map(|meeting| &meeting.agenda);
    let next = agenda
        .and_then(|agenda| agenda.next_after(page.deal))
        .map(|item| item.deal)
        .filter(|deal| Some(*deal) != page.deal);
    let is_running = page.session().is_some();
    if let Some(deal) = next {
        lay(model, Some(deal));
        if is_running {
            write::act(model, Act::ReviewTurn { deal: Some(deal) }, Then::Nothing);
        }
    }
    true
}

/// Puts the manager's sentence on the deal.
pub(super) fn may_fire(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        let said = Act::MayFire {
            deal,
            sentence: None,
            who: None,
        };
        write::act(model, said, Then::Say);
    }
}

/// Puts the agenda away, and back.
pub(super) fn away(model: &mut Model) {
    if let Some(page) = page(model) {
        page.away = !page.away;
    }
}

/// Moves the deal on the table up or down the agenda.
pub(super) fn shift(model: &mut Model, by: isize) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let count = page
        .meeting
        .as_ref()
        .map_or(0, |one| one.agenda.items.len());
    let place = page.item().and_then(|(at, item)| {
        let place = at.checked_add_signed(by)?;
        (place < count).then_some((item.deal, place + 1))
    });
    if let Some((deal, place)) = place {
        write::act(model, Act::ReviewMove { deal, place }, Then::Nothing);
    }
}

/// Puts the deal on the table off to the next 1:1, and goes on.
pub(super) fn next_time(model: &mut Model) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    let state = ItemState::NextTime;
    write::act(model, Act::ReviewItem { deal, state }, Then::Say);
    decided(model);
}

/// Makes the meeting longer or shorter.
pub(super) fn time(model: &mut Model, longer: bool) {
    let Some(Page::OneOnOne(page)) = model.pages.last() else {
        return;
    };
    let Some(clock) = page.session().map(|session| session.clock) else {
        return;
    };
    let minutes = if longer {
        clock.plan.saturating_add(STEP)
    } else {
        clock.plan.saturating_sub(STEP).max(STEP)
    };
    let each = clock.each;
    write::act(model, Act::ReviewTime { minutes, each }, Then::Nothing);
    say::note(
        model,
        format!("{minutes} min in all"),
        "+ - five more or less",
    );
}

/// Asks what a hand is raised for.
pub(super) fn hand(model: &mut Model, note: Option<&str>) {
    let Some(deal) = model.current_deal() else {
        return;
    };
    match note {
        Some(note) => raise(model, deal, note),
        None => super::prompts::open(
            model,
            PromptKind::Hand(deal),
            "raise a hand",
            "",
            "what about; empty is enough",
        ),
    }
}

/// Raises a hand for the next 1:1.
pub(super) fn raise(model: &mut Model, deal: DealId, note: &str) {
    let note = (!note.is_empty()).then(|| note.to_owned());
    write::act(model, Act::RaiseHand { deal, note }, Then::Say);
}

/// Opens the page on which one seals what one thinks of a deal.
pub(super) fn open_seal(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        model.mask.turn_to(deal);
        model.pages.push(Page::Seal(SealPage::of(deal)));
    }
}

/// An answer key on that page.
pub(super) fn seal_here(model: &mut Model, key: AnswerKey) {
    let (Some(bank), Some(Page::Seal(card))) = (model.bank.clone(), model.pages.last()) else {
        return;
    };
    let deal = card.deal;
    let Some(of) = rows_to_ask(&bank).into_iter().nth(card.row) else {
        return;
    };
    if seal(model, deal, None, &of, key)
        && let Some(Page::Seal(card)) = model.pages.last_mut()
    {
        next_row(&bank, &mut card.said, &mut card.row, of);
    }
}

/// Seals the answers of the deal as they stand, and its verdict.
pub(super) fn seal_standing(model: &mut Model) {
    let Some(Page::Seal(card)) = model.pages.last() else {
        return;
    };
    let deals = vec![card.deal];
    write::act(model, Act::SealStanding { deals }, Then::Say);
    model.pages.pop();
}

/// Turns the page of sealing to another deal.
pub(super) fn turn_seal(model: &mut Model, deal: DealId) {
    if let Some(Page::Seal(card)) = model.pages.last_mut() {
        *card = SealPage::of(deal);
        model.mask.turn_to(deal);
    }
}

/// Says on whose word a firing would be, and whether it is one's own to decide.
pub(super) fn on_whose_word(model: &Model, detail: &Detail, form: &mut Form) {
    let table = &detail.seen.table;
    charter_line(model, detail, form);
    let said = table.may_fire.as_ref().map(|said| {
        let sentence = model.mask.free(&said.sentence, Some(detail.deal.id));
        let day = model.locale.date(said.day, model.today);
        format!("“{sentence}” {}, {day}", said.who)
    });
    if table.beyond.is_some() && said.is_none() {
        form.lines.push(FormLine {
            label: "above it".to_owned(),
            text: "this one is fired at once and asked for: it stands unless overruled in time"
                .to_owned(),
            warn: true,
        });
    }
    let charter = || table.charter.as_ref()?.authority();
    let word = said.or_else(charter);
    let field = form
        .fields
        .iter_mut()
        .find(|field| field.key == FieldKey::Word);
    if let (Some(field), Some(word)) = (field, word) {
        field.placeholder = word;
    }
}

/// One line of the charter.
pub(super) fn charter_line(model: &Model, detail: &Detail, form: &mut Form) {
    let charter = detail.seen.table.charter.as_ref();
    let line = charter.and_then(|c| c.line(&model.mask, &model.locale, model.today));
    form.lines.extend(line.map(|text| FormLine {
        label: "charter".to_owned(),
        text,
        warn: false,
    }));
}

/// Signs the charter, with the terms of the form.
pub(super) fn sign(model: &mut Model) {
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else {
        return;
    };
    match form.charter_terms() {
        Ok(terms) => {
            form.sending = true;
            form.failed = None;
            write::act(model, Act::CharterSign { terms }, Then::CloseSheet);
        }
        Err(wrong) => form.failed = Some(wrong),
    }
}

/// Asks what the minutes are written as.
pub(super) fn minutes(model: &mut Model) {
    let form = Form::minutes(model.mask.hides_amounts());
    model.overlays.push(Overlay::Form(Box::new(form)));
}

/// What the form on top says of the minutes of the meeting that runs.
fn wish(model: &Model) -> Option<MinutesWish> {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return None;
    };
    let Page::OneOnOne(page) = model.page() else {
        return None;
    };
    let is_masked = model.mask.hides_amounts();
    let MinutesAs { path, html, masked } = form.minutes_as(is_masked);
    let mut mask = model.mask.clone();
    match (masked, is_masked) {
        (true, true) => {}
        (true, false) => mask.set(Level::Names, None),
        (false, _) => mask.set(Level::Open, None),
    }
    let ending = if html { "html" } else { "md" };
    let review = page.session()?.id;
    let path = path.unwrap_or_else(|| format!("minutes-{}-{review}.{ending}", model.today));
    Some(MinutesWish {
        review,
        path: Some(path),
        html,
        mask,
    })
}

/// Closes the 1:1; the minutes are written once that is done.
pub(super) fn end(model: &mut Model) {
    let wish = wish(model);
    model.overlays.pop();
    if wish.is_none() {
        say::refused(model, "No 1:1 runs here");
        return;
    }
    model.work.minutes = wish;
    write::act(model, Act::ReviewEnd, Then::Nothing);
}

/// Brings the minutes so far, to be copied.
pub(super) fn copy_minutes(model: &mut Model, effects: &mut Effects) {
    match wish(model) {
        Some(wish) => effects.push(Effect::WriteMinutes(Box::new(MinutesWish {
            path: None,
            ..wish
        }))),
        None => say::refused(model, "No 1:1 runs here"),
    }
}

/// The 1:1 is closed.
pub(super) fn closed(model: &mut Model) {
    model.work.is_closed = true;
    model
        .pages
        .retain(|page| !matches!(page, Page::OneOnOne(_)));
}

/// The minutes are written, or there to be copied.
pub(super) fn minuted(
    model: &mut Model,
    path: Option<String>,
    text: String,
    effects: &mut Effects,
) {
    match path {
        Some(path) => {
            let parts = vec![
                Part::from("The 1:1 is closed, its minutes are in "),
                Part::Free(None, Free::new(path)),
            ];
            say::done(model, parts, ":undo opens it again");
        }
        None => effects.push(Effect::Copy(text)),
    }
}

fn page(model: &mut Model) -> Option<&mut OneOnOne> {
    model.pages.iter_mut().rev().find_map(|page| {
        if let Page::OneOnOne(page) = page {
            Some(&mut **page)
        } else {
            None
        }
    })
}
