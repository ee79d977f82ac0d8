//! What only the whole bank can tell: ids are unique, each must is there once, there is a core.

use std::collections::HashMap;
use std::ops::Range;

use super::fields::Optional;
use super::mistake::{Mistakes, quoted};
use super::{Must, Question, QuestionIx};

/// The most questions of a bank.
const MOST_QUESTIONS: usize = 200;

/// Ids that commands use for something else than a question of a bank.
const TAKEN_IDS: [&str; 2] = ["fresh", "unwanted"];

/// One question as far as it could be read.
pub(super) struct Draft {
    /// Its id, if that is one.
    pub(super) id: Option<String>,
    /// Where its id stands.
    pub(super) id_span: Option<Range<usize>>,
    /// Whether it is core.
    pub(super) core: Optional<bool>,
    /// The must that it is.
    pub(super) must: Optional<Must>,
    /// Where its must stands.
    pub(super) must_span: Option<Range<usize>>,
    /// The question, where nothing was wrong.
    pub(super) question: Option<Question>,
}

/// Adds the mistakes of the whole and returns the places of the musts, where each is there.
pub(super) fn check(drafts: &[Draft], mistakes: &mut Mistakes<'_>) -> Option<[QuestionIx; 3]> {
    if drafts.is_empty() {
        return None;
    }
    if let Some(first_too_many) = drafts.get(MOST_QUESTIONS) {
        let what = format!(
            "The bank has {} questions; it may have {MOST_QUESTIONS}.",
            drafts.len()
        );
        mistakes.add(first_too_many.id_span.clone(), what, "Take some out.");
        return None;
    }
    check_ids(drafts, mistakes);
    check_core(drafts, mistakes);
    check_musts(drafts, mistakes)
}

/// Refuses ids that are there twice or mean something else to commands.
fn check_ids(drafts: &[Draft], mistakes: &mut Mistakes<'_>) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        let Some(id) = &draft.id else { continue };
        let key = id.to_ascii_lowercase();
        if TAKEN_IDS.contains(&key.as_str()) {
            let what = format!("The id {} is used by the program itself.", quoted(id));
            mistakes.add(draft.id_span.clone(), what, "Choose another one.");
        }
        match seen.get(&key) {
            Some(first) => {
                let what = format!(
                    "The id {} is that of question {} too.",
                    quoted(id),
                    first + 1
                );
                let hint = "Each question has its own id; small and capital letters are the same.";
                mistakes.add(draft.id_span.clone(), what, hint);
            }
            None => {
                seen.insert(key, place);
            }
        }
    }
}

/// Refuses a bank without a core.
fn check_core(drafts: &[Draft], mistakes: &mut Mistakes<'_>) {
    let has_or_meant_core = |draft: &Draft| !matches!(draft.core, Ok(None | Some(false)));
    if !drafts.iter().any(has_or_meant_core) {
        let hint = "Mark the questions of the short walk with core = true.";
        mistakes.add(None, "No question is core.", hint);
    }
}

/// Refuses musts that are missing, there twice, or not core.
fn check_musts(drafts: &[Draft], mistakes: &mut Mistakes<'_>) -> Option<[QuestionIx; 3]> {
    let is_unread = drafts.iter().any(|draft| draft.must.is_err());
    let mut places = [None; 3];
    for (slot, must) in places.iter_mut().zip(Must::ALL) {
        let must_code = must.code();
        let mut holders = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| matches!(draft.must, Ok(Some(held)) if held == *must));
        match holders.next() {
            Some((place, draft)) => {
                *slot = Some(QuestionIx::new(place as u16));
                if matches!(draft.core, Ok(None | Some(false))) {
                    let what = format!("The question with must = \"{must_code}\" is not core.");
                    mistakes.add(draft.must_span.clone(), what, "Give it core = true.");
                }
            }
            // A must that could not be read may have been meant to be this one.
            None if is_unread => {}
            None => {
                let what = format!("No question has must = \"{must_code}\".");
                let hint = "A bank has the three musts problem, signer and date, each once.";
                mistakes.add(None, what, hint);
            }
        }
        for (_, second) in holders {
            let what = format!("A second question has must = \"{must_code}\".");
            mistakes.add(second.must_span.clone(), what, "Each must is there once.");
        }
    }
    let [Some(problem), Some(signer), Some(date)] = places else {
        return None;
    };
    Some([problem, signer, date])
}
