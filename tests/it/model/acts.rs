//! Any act on any deal, likely or not.

use chrono::{Days, NaiveDate};
use walkaway::domain::act::{
    Act, CommitmentSheet, ConcessionSheet, ContactSheet, ContinueSheet, DealField, FIELDS,
    FieldKind, FieldValue, FireSheet, HandoffSheet, HoldSheet, PersonSheet, Settlement, TouchSheet,
    Typed,
};
use walkaway::domain::answer::AnswerKey;
use walkaway::domain::bank::Bank;
use walkaway::domain::deal::{
    AccessAnswer, CommitmentState, ConcessionKind, ContactRole, Direction, Disposition, FreshEyes,
    GateFlag, PersonRole, Side, Status, SweepWord, TouchStatus, WalkedBy,
};
use walkaway::domain::hours::Channel;
use walkaway::domain::ids::DealId;
use walkaway::domain::message::MessageKind;
use walkaway::domain::money::{Currency, Money};
use walkaway::domain::phase::Phase;
use walkaway::domain::signal::SignalId;
use walkaway::domain::signs::SIGNS;

use super::reference::TODAY;
use crate::support::rounds::pick;

/// How many kinds of acts are made here.
pub const KINDS: usize = 44;

const WORDS: [&str; 8] = [
    "asked for the quote again",
    "Tom Reed",
    "",
    "a\u{301}\u{202e}x",
    "=1+1",
    "Zoë",
    "  spaces  ",
    "they said \"no\"\nand left",
];

/// What is drawn of: a bank's questions, and so many deals.
pub struct Any<'d> {
    pub dice: &'d mut fastrand::Rng,
    pub bank: &'d Bank,
    /// How many deals there may be; one more is named now and then.
    pub deals: i64,
}

impl Any<'_> {
    fn day(&mut self) -> NaiveDate {
        let today: NaiveDate = TODAY.parse().unwrap();
        let far = Days::new(self.dice.u64(..90));
        if self.dice.bool() {
            today + far
        } else {
            today - far
        }
    }

    fn later(&mut self) -> NaiveDate {
        let today: NaiveDate = TODAY.parse().unwrap();
        today + Days::new(self.dice.u64(1..90))
    }

    fn text(&mut self) -> String {
        (*pick(self.dice, &WORDS)).to_owned()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.dice.bool().then(|| make(self))
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        *pick(self.dice, all)
    }

    fn row(&mut self) -> i64 {
        self.dice.i64(1..8)
    }

    fn deal(&mut self) -> DealId {
        DealId(self.dice.i64(1..self.deals + 2))
    }

    fn deals(&mut self) -> Vec<DealId> {
        (0..self.dice.usize(1..4)).map(|_| self.deal()).collect()
    }

    fn question(&mut self) -> String {
        let at = self.dice.usize(..self.bank.questions().len());
        self.bank.questions()[at].id.clone()
    }

    fn key(&mut self) -> AnswerKey {
        let keys = AnswerKey::KEYS;
        AnswerKey::parse(pick(self.dice, &keys).0).unwrap()
    }

    fn money(&mut self) -> Money {
        let currency = self.maybe(|_| Currency::parse("EUR").unwrap());
        Money::new(self.dice.i64(0..10_000_000), currency)
    }

    fn value(&mut self, kind: FieldKind) -> Typed {
        match kind {
            FieldKind::Line | FieldKind::Name | FieldKind::Block => Typed::Text(self.text()),
            FieldKind::Day => Typed::Day(self.day()),
            FieldKind::Money => Typed::Money(self.money()),
            FieldKind::Phase => Typed::Phase(self.one(&Phase::ALL)),
            FieldKind::Percent => Typed::Percent(f64::from(self.dice.u8(..100))),
        }
    }

    fn fields(&mut self) -> Vec<FieldValue> {
        let some = self.dice.usize(1..4);
        (0..some)
            .map(|_| {
                let info = *pick(self.dice, FIELDS);
                let value = self.maybe(|any| any.value(info.kind));
                FieldValue {
                    field: info.field,
                    value,
                }
            })
            .collect()
    }

    fn touch(&mut self) -> TouchSheet {
        let direction = self.one(Direction::ALL);
        let channel = self.one(&Channel::ALL);
        TouchSheet {
            minutes: self.maybe(|any| any.dice.u32(..300)),
            status: self.one(TouchStatus::ALL),
            words: self.maybe(|any| any.dice.u32(..9)),
            document: self.maybe(Self::text),
            contacts: self.maybe(Self::text).into_iter().collect(),
            people: self.maybe(Self::text).into_iter().collect(),
            text: self.maybe(Self::text),
            ..TouchSheet::on(self.day(), direction, channel)
        }
    }

    fn promise(&mut self) -> CommitmentSheet {
        CommitmentSheet {
            side: self.one(Side::ALL),
            what: self.text(),
            due: self.maybe(Self::day),
            paired: self.maybe(Self::row),
        }
    }

    fn contact(&mut self) -> ContactSheet {
        ContactSheet {
            name: self.text(),
            title: self.maybe(Self::text),
            role: self.maybe(|any| any.one(ContactRole::ALL)),
            level: self.maybe(|any| any.dice.u8(..6)),
            met: self.maybe(Self::day),
            email: self.maybe(Self::text),
        }
    }

    fn fire_sheet(&mut self) -> FireSheet {
        FireSheet {
            reasons: self.maybe(|any| vec![any.text()]),
            to: self.one(Disposition::ALL),
            whom: self.maybe(Self::text),
            until: self.maybe(Self::later),
            phone: self.maybe(Self::text),
            mail: self.maybe(Self::text),
            walked_by: self.one(WalkedBy::ALL),
            back_if: self.maybe(Self::text),
            subject: self.maybe(Self::text),
            note: self.maybe(|any| any.one(&MessageKind::ALL)),
            language: None,
            word: self.maybe(Self::text),
        }
    }

    /// A deal of this account.
    pub fn add(account: &str) -> Act {
        Act::Add {
            fields: vec![FieldValue {
                field: DealField::Account,
                value: Some(Typed::Text(account.to_owned())),
            }],
        }
    }

    /// An act of the kind of this number, below [`KINDS`].
    pub fn act(&mut self, kind: usize) -> Act {
        let deal = self.deal();
        match kind {
            0 => Act::Add {
                fields: self.fields(),
            },
            1 => Act::Edit {
                deal,
                fields: self.fields(),
            },
            2..6 => Act::Answer {
                deal,
                question: self.question(),
                key: self.key(),
                evidence: self.maybe(Self::text),
            },
            6 => Act::Ask {
                deal,
                question: self.maybe(Self::question),
                whom: self.maybe(Self::text),
                due: self.maybe(Self::later),
            },
            7 => Act::AskSignal {
                deal,
                signal: SignalId::Dark,
                whom: None,
                due: self.maybe(Self::later),
            },
            8 => Act::Note {
                deal,
                text: self.text(),
            },
            9 => Act::Fire {
                deals: self.deals(),
                sheet: self.fire_sheet(),
            },
            10 => Act::Fire {
                deals: vec![deal],
                sheet: FireSheet::default(),
            },
            11 => Act::Hold {
                deals: self.deals(),
                sheet: HoldSheet {
                    what: self.maybe(Self::text),
                    until: self.later(),
                    why: self.maybe(Self::text),
                },
            },
            12 => Act::Continue {
                deals: self.deals(),
                sheet: ContinueSheet {
                    next: self.maybe(Self::text),
                    due: self.later(),
                    tripwire: self.maybe(Self::text),
                    by: self.later(),
                    hours: self.maybe(|any| f64::from(any.dice.u8(..9))),
                    senior: self.maybe(Self::text),
                },
            },
            13 => Act::TripwireHappened {
                deal,
                words: self.text(),
            },
            14 => Act::TripwireAnyway {
                deal,
                words: self.text(),
                due: self.later(),
            },
            15 => Act::TripwireSet {
                deal,
                sentence: self.maybe(Self::text),
                due: self.maybe(Self::later),
            },
            16 => Act::Reinstate {
                deal,
                terms: self.text(),
            },
            17 => Act::NurtureLater {
                deal,
                until: self.later(),
            },
            18 => Act::LetGo { deal },
            19 => Act::Close {
                deals: self.deals(),
                status: self.one(Status::ALL),
                reason: self.maybe(Self::text),
            },
            20 => Act::SaveView {
                name: self.text(),
                filter: "dark:yes".into(),
                order: "close".into(),
            },
            21 => Act::DeleteView { name: self.text() },
            22 => Act::OwnerIs { owner: self.text() },
            23 => Act::TouchAdd {
                deal,
                touch: self.touch(),
            },
            24 => Act::TouchEdit {
                touch: self.row(),
                to: self.touch(),
            },
            25 => Act::TouchRemove { touch: self.row() },
            26 => Act::CommitmentAdd {
                deal,
                commitment: self.promise(),
            },
            27 => Act::CommitmentEdit {
                commitment: self.row(),
                to: self.promise(),
            },
            28 => Act::CommitmentSettle {
                commitment: self.row(),
                settlement: Settlement {
                    state: self.one(CommitmentState::ALL),
                    day: self.maybe(Self::day),
                },
            },
            29 => Act::CommitmentPair {
                commitment: self.row(),
                with: self.maybe(Self::row),
            },
            30 => Act::GateSet {
                deal,
                flag: self.one(GateFlag::ALL),
                owner: self.maybe(Self::text),
            },
            31 => Act::GateSheet {
                deal,
                owners: vec![(self.one(GateFlag::ALL), self.maybe(Self::text))],
                starts: self.maybe(Self::day),
            },
            32 => Act::ConcessionAdd {
                deal,
                concession: ConcessionSheet {
                    kind: self.one(ConcessionKind::ALL),
                    what: self.text(),
                    amount: self.maybe(Self::money),
                    percent: self.maybe(|any| f64::from(any.dice.u8(..100))),
                    traded_for: self.maybe(Self::text),
                    hard_to_keep: self.dice.bool(),
                },
            },
            33 => Act::BaitSettle {
                concession: self.row(),
                kept: self.maybe(|any| any.dice.bool()),
            },
            34 => Act::Unwanted {
                deal,
                unwanted: self.dice.bool(),
                words: self.maybe(Self::text),
            },
            35 => Act::AccessAnswer {
                deal,
                whom: self.text(),
                answer: self.one(AccessAnswer::ALL),
            },
            36 => Act::ContactAdd {
                deal,
                contact: self.contact(),
            },
            37 => Act::ContactEdit {
                contact: self.row(),
                to: self.contact(),
            },
            38 => Act::ContactRemove {
                contact: self.row(),
            },
            39 => match self.dice.u8(..5) {
                0 => Act::AskPut { ask: self.row() },
                1 => Act::AskReply {
                    ask: self.row(),
                    key: self.key(),
                    reply: self.maybe(Self::text),
                },
                2 => Act::AskNoReply { ask: self.row() },
                3 => Act::AskNotAsked { ask: self.row() },
                _ => Act::AskMove {
                    ask: self.row(),
                    due: self.later(),
                },
            },
            40 => Act::Sweep {
                words: vec![
                    (deal, self.one(SweepWord::ALL)),
                    (self.deal(), self.one(SweepWord::ALL)),
                ],
            },
            41 => Act::Sign {
                deal,
                sign: pick(self.dice, &SIGNS).sign,
                ticked: self.dice.bool(),
            },
            42 => match self.dice.u8(..3) {
                0 => Act::FreshEyes {
                    deal,
                    answer: self.maybe(|any| any.one(FreshEyes::ALL)),
                },
                1 => Act::Handoff {
                    deal,
                    sheet: HandoffSheet {
                        from: self.maybe(Self::text),
                        to: self.text(),
                        overseer: self.maybe(Self::text),
                        next_check: self.maybe(Self::later),
                    },
                },
                _ => Act::PersonSet {
                    name: self.text(),
                    sheet: PersonSheet {
                        role: self.maybe(|any| any.one(PersonRole::ALL)),
                        senior: self.maybe(|any| any.dice.bool()),
                        owner: self.maybe(Self::text),
                    },
                },
            },
            _ => match self.dice.u8(..2) {
                0 => Act::SellingHours {
                    minutes: self.dice.u32(..3_000),
                },
                _ => Act::HoursPlan {
                    deal: self.maybe(Self::deal),
                    week: self.day(),
                    minutes: self.dice.u32(..900),
                },
            },
        }
    }
}
