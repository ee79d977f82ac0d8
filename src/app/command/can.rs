//! When a command can be done, and why not.

use super::Reason;
use crate::app::form::{ActionKind, FormFocus};
use crate::app::model::{Model, Overlay, Page, Pane, Settled};
use crate::app::preview::{Part, Preview};
use crate::app::reviews::{PairSide, ReviewsPage};
use crate::domain::answer::Grade;
use crate::domain::deal::{Decision, Status};
use crate::domain::eval::Due;
use crate::domain::shown::Level;

type Can = Result<(), Reason>;

fn check(holds: bool, reason: Reason) -> Can {
    if holds { Ok(()) } else { Err(reason) }
}

#[expect(clippy::unnecessary_wraps, reason = "it is a row's `enabled`")]
pub(super) fn always(_: &Model) -> Can {
    Ok(())
}

pub(super) fn opened(model: &Model) -> Can {
    check(model.opened, "the pipeline is not open yet")
}

pub(super) fn map(model: &Model) -> Can {
    opened(model)?;
    check(
        model.facts.has_map,
        "no deal was asked yet about its problem or its solution",
    )
}

pub(super) fn after(model: &Model) -> Can {
    opened(model)?;
    let facts = &model.facts;
    check(
        facts.has_fired || facts.after_due > 0,
        "nothing was fired yet, and no win is 60 days old",
    )
}

pub(super) fn hours(model: &Model) -> Can {
    opened(model)?;
    check(
        model.facts.has_hours,
        "no hours were freed yet: firing frees them",
    )
}

pub(super) fn insights(model: &Model) -> Can {
    opened(model)?;
    check(
        model.facts.has_fired || model.facts.has_hours,
        "nothing was fired yet: insights are drawn from what was decided",
    )
}

/// Whether anything can be written, by whatever command.
pub(super) fn write(model: &Model) -> Can {
    opened(model)?;
    check(
        !model.facts.read_only,
        "the pipeline can only be read here: nothing can be changed",
    )
}

/// Whether the fields of the deal under the cursor can be written.
pub(super) fn change(model: &Model) -> Can {
    write(model)?;
    has_deal(model)
}

pub(super) fn deals(model: &Model) -> Can {
    opened(model)?;
    check(
        model.facts.deals > 0,
        "there are no deals yet: import a file, or `:add` one",
    )
}

pub(super) fn has_deal(model: &Model) -> Can {
    deals(model)?;
    check(
        model.current_deal().is_some(),
        "no deal is under the cursor",
    )
}

pub(super) fn week(model: &Model) -> Can {
    deals(model)?;
    check(
        model.facts.week || model.facts.after_due > 0,
        "nothing is on it yet: `a` puts a question there, `C` a deal",
    )
}

/// Whether closing notes wait that go out from the week.
pub(super) fn notes(model: &Model) -> Can {
    write(model)?;
    let Page::Week(week) = model.page() else {
        return Err("closing notes go out from the week: g w");
    };
    check(
        week.waiting_notes().next().is_some(),
        "no closing note waits",
    )?;
    check(
        !model.mask.hides_amounts(),
        "a closing note names them: `:unmask` first",
    )
}

pub(super) fn reviews(model: &Model) -> Can {
    opened(model)?;
    check(
        model.facts.has_reviews,
        "no 1:1 was held yet: g o begins one, `:minutes` ends it",
    )
}

fn reviews_page(model: &Model) -> Result<&ReviewsPage, Reason> {
    let Page::Reviews(page) = model.page() else {
        return Err("g r lists the 1:1s");
    };
    Ok(page)
}

/// Whether a 1:1 is under the cursor whose minutes are not open.
pub(super) fn review_open(model: &Model) -> Can {
    let page = reviews_page(model)?;
    let is_list = page.opened.is_none() && page.side == PairSide::Held;
    check(
        is_list && page.review().is_some(),
        "no 1:1 is under the cursor",
    )
}

/// Whether there are minutes here to write.
pub(super) fn review_save(model: &Model) -> Can {
    let page = reviews_page(model)?;
    let is_open = page.opened.is_some() || page.side == PairSide::Held;
    check(
        is_open && page.review().is_some(),
        "no minutes are open here",
    )
}

/// Whether both sides of a pair can be turned to.
pub(super) fn review_turn(model: &Model) -> Can {
    let page = reviews_page(model)?;
    check(page.opened.is_none(), "Esc closes the minutes first")
}

/// Whether there is another pair.
pub(super) fn review_pairs(model: &Model) -> Can {
    let page = reviews_page(model)?;
    let many = page.pairs.as_ref().is_some_and(|pairs| pairs.len() > 1);
    check(page.opened.is_none() && many, "only these two have met")
}

/// Whether a 1:1 runs on screen.
pub(super) fn one_on_one(model: &Model) -> Can {
    write(model)?;
    let Page::OneOnOne(page) = model.page() else {
        return Err("no 1:1 is open: g o opens it");
    };
    check(page.session().is_some(), "the 1:1 has not begun")
}

/// Whether the manager's sentence can be put on the deal: who says it is in the room.
pub(super) fn may_fire(model: &Model) -> Can {
    one_on_one(model)?;
    change(model)?;
    let Page::OneOnOne(page) = model.page() else {
        return Ok(());
    };
    check(
        page.manager().is_some(),
        "no manager is in the room, and only they can say it",
    )
}

pub(super) fn walk_queue(model: &Model) -> Can {
    deals(model)?;
    if let Page::OneOnOne(page) = model.page() {
        return check(page.deal.is_some(), "nothing is on the agenda");
    }
    check(!model.list.ids.is_empty(), "the list is empty")
}

/// `F H C`: on the marked deals, else on the one under the cursor.
pub fn decide(model: &Model) -> Can {
    change(model)?;
    for deal in model.targets() {
        let Some(standing) = model.standing(deal) else {
            continue;
        };
        match standing.status {
            Status::Open => {}
            Status::Won => return Err("the deal is won: only open deals are decided"),
            Status::Lost => return Err("the deal is lost: only open deals are decided"),
            Status::Removed => return Err("the deal is removed: only open deals are decided"),
        }
        if standing.decision == Decision::Fired {
            return Err("it is fired already: `:reinstate` takes it back, on terms");
        }
    }
    Ok(())
}

pub(super) fn reinstate(model: &Model) -> Can {
    change(model)?;
    let standing = model.current_deal().and_then(|deal| model.standing(deal));
    check(
        standing.is_none_or(|s| s.decision == Decision::Fired),
        "only a fired deal is reinstated",
    )
}

pub(super) fn tripwire(model: &Model) -> Can {
    change(model)?;
    let standing = model.current_deal().and_then(|deal| model.standing(deal));
    check(
        standing.is_none_or(|s| s.decision == Decision::Continued && s.status == Status::Open),
        "a tripwire belongs to a continued deal: `C` sets one",
    )
}

pub(super) fn answer(model: &Model) -> Can {
    write(model)?;
    questions(model)?;
    let is_noted = matches!(model.page(), Page::Walk(walk) if walk.note.is_some());
    check(
        !is_noted,
        "no question is on the page: go on or back, or decide",
    )
}

/// Whether the deal's questions can be opened: to be read, at least.
pub(super) fn questions(model: &Model) -> Can {
    has_deal(model)?;
    let standing = model.current_deal().and_then(|deal| model.standing(deal));
    check(model.bank.is_some(), "the questions are not loaded yet")?;
    check(
        standing.is_none_or(|s| s.status != Status::Removed),
        "the deal is removed: it counts nowhere",
    )
}

pub(super) fn ask(model: &Model) -> Can {
    answer(model)?;
    if let Some(signal) = model.signal() {
        return check(
            signal.to_them().is_some(),
            "this one is a question to ourselves: c copies it",
        );
    }
    has_question(model)
}

pub(super) fn words(model: &Model) -> Can {
    answer(model)?;
    has_question(model)
}

fn has_question(model: &Model) -> Can {
    check(
        model.question().is_some(),
        "there is nothing left to ask about this deal",
    )
}

/// Whether something can be told of the deal under the cursor that no CRM sees.
pub(super) fn tell(model: &Model) -> Can {
    change(model)?;
    let standing = model.current_deal().and_then(|deal| model.standing(deal));
    check(
        standing.is_none_or(|s| s.status == Status::Open),
        "the deal is closed: `:close open` opens it again",
    )
}

/// The same for a form that shows the names of people.
pub(super) fn tell_names(model: &Model) -> Can {
    tell(model)?;
    names(model)
}

pub(super) fn people(model: &Model) -> Can {
    change(model)?;
    names(model)
}

fn names(model: &Model) -> Can {
    check(
        !model.mask.hides_names_of(model.current_deal()),
        "the people are masked: `:unmask` shows them",
    )
}

pub(super) fn settle(model: &Model) -> Can {
    write(model)?;
    check(
        model.to_settle().is_some(),
        "the cursor is on nothing that was promised",
    )
}

pub(super) fn settle_promise(model: &Model) -> Can {
    settle(model)?;
    check(
        matches!(model.to_settle(), Some(Settled::Promise(_))),
        "only a promise is late or waived",
    )
}

pub(super) fn settle_again(model: &Model) -> Can {
    settle(model)?;
    check(
        !matches!(model.to_settle(), Some(Settled::Access(_))),
        "what came of it stays; `u` takes back what was said here",
    )
}

pub(super) fn checklist(model: &Model) -> Can {
    let is_here = matches!(model.page(), Page::Cockpit) && model.pane == Pane::Checklist;
    check(is_here, "the checklist has more questions")
}

pub(super) fn not_for_them(model: &Model) -> Can {
    answer(model)?;
    let is_must = model
        .question()
        .zip(model.bank.as_deref())
        .is_some_and(|(ix, bank)| bank[ix].must.is_some());
    check(!is_must, "this one applies to every deal: 0 1 2 3 p n or N")
}

pub(super) fn still_so(model: &Model) -> Can {
    answer(model)?;
    let answer = model.question().and_then(|ix| model.answer(ix));
    check(
        answer.is_some_and(|a| a.grade != Grade::Record),
        "there is no answer yet that could still be so",
    )
}

pub(super) fn clear(model: &Model) -> Can {
    answer(model)?;
    let answer = model.question().and_then(|ix| model.answer(ix));
    check(
        answer.is_some_and(|a| a.grade != Grade::Record),
        "nobody has answered this one",
    )
}

pub(super) fn undo(model: &Model) -> Can {
    write(model)?;
    let any = model.facts.undo.is_some() || model.work.is_writing();
    check(
        any,
        "nothing to take back since this cockpit was opened; `:undo` reaches further",
    )
}

pub(super) fn redo(model: &Model) -> Can {
    write(model)?;
    let any = model.facts.redo.is_some() || model.work.is_writing();
    check(any, "nothing was taken back, or something was done since")
}

pub(super) fn saved_views(model: &Model) -> Can {
    write(model)?;
    check(!model.facts.saved.is_empty(), "no view has been saved")
}

pub(super) fn banks(model: &Model) -> Can {
    write(model)?;
    check(
        !model.facts.banks.is_empty(),
        "there is only one question bank",
    )
}

pub(super) fn owners(model: &Model) -> Can {
    write(model)?;
    check(!model.facts.owners.is_empty(), "the record names no owners")
}

pub(super) fn unmask(model: &Model) -> Can {
    check(model.mask.level() != Level::Open, "nothing is masked")
}

pub(super) fn demo(model: &Model) -> Can {
    check(!model.demo, "this is the demo pipeline")
}

pub(super) fn journal_row(model: &Model) -> Can {
    let Page::Journal(journal) = model.page() else {
        return Err("this belongs to the journal");
    };
    check(!journal.rows.is_empty(), "nothing has happened yet")
}

pub(super) fn journal_undo_to(model: &Model) -> Can {
    write(model)?;
    journal_row(model)
}

pub(super) fn journal_undo(model: &Model) -> Can {
    journal_undo_to(model)?;
    let Page::Journal(journal) = model.page() else {
        return Ok(());
    };
    let row = journal.rows.get(journal.cursor);
    check(
        row.is_none_or(|row| !row.undone),
        "this one was taken back already",
    )
}

pub(super) fn take_newest(model: &Model) -> Can {
    write(model)?;
    check(
        model.export.is_some(),
        "no export was found where files are downloaded to",
    )
}

/// The preview under the keys, while nothing of it goes in.
fn preview(model: &Model) -> Result<&Preview, Reason> {
    let Page::Preview(preview) = model.page() else {
        return Err("this belongs to an import");
    };
    check(
        preview.progress.is_none(),
        "the import is on its way: Esc stops it",
    )?;
    Ok(preview)
}

pub(super) fn apply(model: &Model) -> Can {
    let preview = preview(model)?;
    write(model)?;
    check(preview.reading.is_none(), "the file is still being read")?;
    let Some(data) = &preview.data else {
        return Err("the file could not be read");
    };
    // A row in conflict may also have fields that are not.
    check(
        data.counts.new + data.counts.updated + data.counts.conflict > 0,
        "nothing in the file is new: the pipeline has it all",
    )
}

/// Whether the file can be read in another way: also while it is being read in this one.
pub(super) fn reread(model: &Model) -> Can {
    let preview = preview(model)?;
    check(preview.data.is_some(), "the file is still being read")
}

pub(super) fn theirs(model: &Model) -> Can {
    let preview = preview(model)?;
    let conflicts = preview.data.as_ref().map_or(0, |d| d.counts.conflict);
    check(
        conflicts > 0 || preview.asked.take_theirs,
        "nothing is in conflict",
    )
}

pub(super) fn forget(model: &Model) -> Can {
    let preview = preview(model)?;
    check(
        preview.data.as_ref().is_some_and(|data| data.corrected),
        "nothing was corrected for such files before",
    )
}

pub(super) fn meaning(model: &Model) -> Can {
    reread(model)?;
    let preview = preview(model)?;
    check(
        preview.part == Part::Columns,
        "Tab goes to the columns: there it can be changed",
    )?;
    let column = preview
        .data
        .as_ref()
        .and_then(|data| data.columns.get(preview.cursor));
    check(column.is_some(), "no column is under the cursor")
}

pub(super) fn confirm(model: &Model) -> Can {
    let Some(Overlay::Form(form)) = model.overlay() else {
        return Ok(());
    };
    check(!form.waiting, "the sheet is not filled in yet")?;
    check(!form.sending, "it is on its way")?;
    check(form.drawn, "the sheet was not on screen yet")
}

pub(super) fn sheet_text(model: &Model) -> Can {
    let Some(Overlay::Form(form)) = model.overlay() else {
        return Ok(());
    };
    let FormFocus::Action(_) = form.focus else {
        return Ok(());
    };
    let any = form
        .actions
        .iter()
        .any(|action| matches!(action.kind, ActionKind::Copy | ActionKind::Edit));
    check(any, "this sheet has no text to copy or edit")
}

/// Whether the form on top has one of these actions, and was seen.
fn sheet_action(model: &Model, kinds: &[ActionKind]) -> Can {
    confirm(model)?;
    let Some(Overlay::Form(form)) = model.overlay() else {
        return Ok(());
    };
    let has = form
        .actions
        .iter()
        .any(|action| kinds.contains(&action.kind));
    check(has, "this sheet has no message")
}

pub(super) fn sheet_draft(model: &Model) -> Can {
    sheet_action(model, &[ActionKind::Draft])
}

pub(super) fn sheet_file(model: &Model) -> Can {
    sheet_action(model, &[ActionKind::File, ActionKind::Calendar])
}

/// Whether something can be written to the people of the deal under the cursor.
pub(super) fn message(model: &Model) -> Can {
    check(model.current_deal().is_some(), "there is no deal here")?;
    check(
        !model.mask.hides_amounts(),
        "a message names them: `:unmask` first",
    )
}

/// Whether the cursor is on a deal whose tripwire is due, so that `3 F C` settle it.
pub fn is_tripwire_due(model: &Model) -> bool {
    model.list.marks.is_empty() && current_due(model) == Some(Due::Tripwire)
}

/// Whether the cursor is on a fired deal that is on top, so that `1 2 3` settle it.
pub fn is_fired_on_top(model: &Model) -> bool {
    model.list.marks.is_empty() && matches!(current_due(model), Some(Due::Nurture | Due::CameBack))
}

fn current_due(model: &Model) -> Option<Due> {
    model.standing(model.current_deal()?)?.due
}
