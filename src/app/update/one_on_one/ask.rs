//! What is said unseen, and what the deal takes of it.

use crate::app::model::{Model, Page, Then};
use crate::app::one_on_one::{Held, SealPage, Talk, rows_to_ask};
use crate::app::update::{say, write};
use crate::domain::act::Act;
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::ids::DealId;
use crate::domain::review::{Chosen, Envelope, PairOf, Sealed, Spoken};
use crate::domain::verdict::Verdict;

/// An answer key: what the manager says, unseen; later what the deal takes.
pub(in crate::app::update) fn answer(model: &mut Model, key: AnswerKey) {
    if super::holds(model, Held::Answer(key)) {
        return;
    }
    let (Some(bank), Some(Page::OneOnOne(page))) = (model.bank.clone(), model.pages.last()) else {
        return;
    };
    let (Some(deal), Some(of)) = (page.deal, page.here(&bank)) else {
        let why = match (page.session(), page.manager()) {
            (None, _) => "Nothing is asked here: Enter begins the 1:1",
            (Some(_), None) => "Nothing is asked here: you review alone, and decide",
            (Some(_), Some(_)) => "Nothing is asked here: Enter seals what is known first",
        };
        say::refused(model, why);
        return;
    };
    if page.talk() == Talk::Asking {
        let person = page.manager().map(str::to_owned);
        if seal(model, deal, person, &of, key)
            && let Some(page) = super::page(model)
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
        (_, AnswerKey::StillSo | AnswerKey::Clear)
        | (PairOf::Verdict, AnswerKey::NotApplicable) => return None,
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
pub(in crate::app::update) fn choose(model: &mut Model, chosen: Chosen) {
    if super::holds(model, Held::Choose(chosen)) {
        return;
    }
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

/// Opens the page on which one seals what one thinks of a deal.
pub(in crate::app::update) fn open_seal(model: &mut Model) {
    if let Some(deal) = model.current_deal() {
        model.mask.turn_to(deal);
        model.pages.push(Page::Seal(SealPage::of(deal)));
    }
}

/// An answer key on that page.
pub(in crate::app::update) fn seal_here(model: &mut Model, key: AnswerKey) {
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
pub(in crate::app::update) fn seal_standing(model: &mut Model) {
    let Some(Page::Seal(card)) = model.pages.last() else {
        return;
    };
    let deals = vec![card.deal];
    write::act(model, Act::SealStanding { deals }, Then::Say);
    model.pages.pop();
}

/// Turns the page of sealing to another deal.
pub(in crate::app::update) fn turn_seal(model: &mut Model, deal: DealId) {
    if let Some(Page::Seal(card)) = model.pages.last_mut() {
        *card = SealPage::of(deal);
        model.mask.turn_to(deal);
    }
}
