//! The card of twelve signs: ticking two beats answering twelve questions.
//!
//! A tick either answers the first question of a topic with "no, said", or is the fact behind
//! a signal. Topics, not ids, so that the card works with every bank.

use super::bank::Topic;
use super::signal::SignalId;

/// One of the twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// They never answer.
    NeverAnswer,
    /// They answer in a word or two.
    Curt,
    /// They will not name a time.
    NoTime,
    /// They call after hours.
    AfterHours,
    /// They lose the quote again.
    LoseQuote,
    /// They know nothing of when, how, and by which steps.
    NoProcess,
    /// They are cut off from power.
    NoPower,
    /// They always want more information.
    MoreInfo,
    /// They block the way up.
    Block,
    /// They cannot make the case.
    NoCase,
    /// They will not talk about risk.
    NoRisk,
    /// They cannot name the outcome.
    NoOutcome,
}

/// What a tick does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignEffect {
    /// It answers the first question of the topic with "no, said".
    Answers(Topic),
    /// It is the fact behind a signal.
    Raises(SignalId),
}

/// One row of the card.
#[derive(Clone, Copy, Debug)]
pub struct SignInfo {
    /// The sign.
    pub sign: Sign,
    /// The key that ticks it.
    pub key: char,
    /// The word that is stored and taken by commands.
    pub code: &'static str,
    /// What it says of them, after "They".
    pub words: &'static str,
    /// What a tick does.
    pub effect: SignEffect,
}

const fn sign(
    sign: Sign,
    key: char,
    code: &'static str,
    words: &'static str,
    effect: SignEffect,
) -> SignInfo {
    SignInfo {
        sign,
        key,
        code,
        words,
        effect,
    }
}

/// The card, in its order.
pub const SIGNS: [SignInfo; 12] = [
    sign(
        Sign::NeverAnswer,
        '1',
        "never-answer",
        "never answer",
        SignEffect::Answers(Topic::Contact),
    ),
    sign(
        Sign::Curt,
        '2',
        "curt",
        "answer in a word or two",
        SignEffect::Raises(SignalId::Curt),
    ),
    sign(
        Sign::NoTime,
        '3',
        "no-time",
        "will not name a time",
        SignEffect::Raises(SignalId::WontMeet),
    ),
    sign(
        Sign::AfterHours,
        '4',
        "after-hours",
        "call after hours",
        SignEffect::Raises(SignalId::AfterHours),
    ),
    sign(
        Sign::LoseQuote,
        '5',
        "lose-quote",
        "lose the quote again",
        SignEffect::Raises(SignalId::ReQuoted),
    ),
    sign(
        Sign::NoProcess,
        'a',
        "no-process",
        "know nothing of when, how, which steps",
        SignEffect::Answers(Topic::Timing),
    ),
    sign(
        Sign::NoPower,
        'b',
        "no-power",
        "are cut off from power",
        SignEffect::Answers(Topic::Power),
    ),
    sign(
        Sign::MoreInfo,
        'c',
        "more-info",
        "always want more information",
        SignEffect::Raises(SignalId::InfoDrip),
    ),
    sign(
        Sign::Block,
        'd',
        "block",
        "block the way up",
        SignEffect::Raises(SignalId::Blocked),
    ),
    sign(
        Sign::NoCase,
        'e',
        "no-case",
        "cannot make the case",
        SignEffect::Answers(Topic::Case),
    ),
    sign(
        Sign::NoRisk,
        'f',
        "no-risk",
        "will not talk about risk",
        SignEffect::Answers(Topic::Risk),
    ),
    sign(
        Sign::NoOutcome,
        'g',
        "no-outcome",
        "cannot name the outcome",
        SignEffect::Answers(Topic::Outcome),
    ),
];

impl Sign {
    /// Its row of the card.
    pub fn info(self) -> &'static SignInfo {
        // INVARIANT: a test holds the card in the order of the signs.
        &SIGNS[self as usize]
    }

    /// The word that is stored and taken by commands.
    pub fn code(self) -> &'static str {
        self.info().code
    }

    /// Reads a stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        let info = SIGNS.iter().find(|info| info.code == code)?;
        Some(info.sign)
    }

    /// Reads the key of the card.
    pub fn from_key(key: char) -> Option<Self> {
        let info = SIGNS.iter().find(|info| info.key == key)?;
        Some(info.sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_is_in_the_order_of_the_signs() {
        for info in &SIGNS {
            assert_eq!(info.sign.info().code, info.code);
            assert_eq!(Sign::from_code(info.code), Some(info.sign));
            assert_eq!(Sign::from_key(info.key), Some(info.sign));
        }
        assert_eq!(Sign::from_key('h'), None);
    }

    #[test]
    fn every_answering_sign_finds_a_question_in_the_default_bank() {
        let bank = super::super::bank::Bank::default_bank();
        for info in &SIGNS {
            if let SignEffect::Answers(topic) = info.effect {
                assert!(bank.first_of(topic).is_some(), "{}", info.code);
            }
        }
    }
}
