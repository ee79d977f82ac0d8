//! Keys that answer a question, in the checklist and on the page of questions.

use super::Command as C;
use super::{Block, Category, CommandInfo, Scope, can};

const ANSWER: Block = Block(Scope::Checklist, Category::Answer);
const WALK: Block = Block(Scope::Questions, Category::Answer);

pub(super) const ROWS: &[CommandInfo] = &[
    ANSWER
        .row(
            C::AnswerYesShown,
            "answer-yes-shown",
            "Yes, it happened",
            "Yes, it happened: shown",
            &["3"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerYesSaid,
            "answer-yes-said",
            "Yes, they told us",
            "Yes, they told us: said",
            &["2"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerYes,
            "answer-yes",
            "Yes, I think so",
            "Yes, I think so: a hunch",
            &["1", "y"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(C::AnswerPartly, "answer-partly", "Partly", "Partly", &["p"])
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerNo,
            "answer-no",
            "No, and we asked",
            "No, and we have asked",
            &["n"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerNoHunch,
            "answer-no-hunch",
            "No, I think",
            "No, I think: a hunch",
            &["N"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerUnknown,
            "answer-unknown",
            "Nobody knows",
            "Asked, and nobody knows",
            &["0"],
        )
        .when(can::answer)
        .key_only(),
    ANSWER
        .row(
            C::AnswerNotForThem,
            "answer-not-for-them",
            "Not for them",
            "Does not apply to this deal",
            &["x"],
        )
        .footer(40, "not for them")
        .when(can::not_for_them)
        .key_only(),
    ANSWER
        .row(
            C::AnswerStillSo,
            "answer-still-so",
            "Still so",
            "Still so, as of today",
            &["."],
        )
        .footer(41, "still so")
        .when(can::still_so)
        .key_only(),
    ANSWER
        .row(
            C::AnswerClear,
            "answer-clear",
            "Not asked",
            "Back to not asked",
            &["Del"],
        )
        .when(can::clear)
        .key_only(),
    ANSWER
        .row(
            C::AllQuestions,
            "all-questions",
            "All questions",
            "Also the questions beyond the core",
            &["Space"],
        )
        .footer(42, "more")
        .when(can::checklist)
        .key_only(),
    WALK.row(
        C::Skip,
        "skip",
        "Skip",
        "Skip it; after a message: go on",
        &["Right", "l"],
    )
    .footer(10, "skip")
    .key_only(),
    WALK.row(
        C::QuestionBack,
        "question-back",
        "Question before",
        "Back; after a message: take it back",
        &["Left", "Backspace", "h"],
    )
    .footer(11, "back")
    .key_only(),
];
