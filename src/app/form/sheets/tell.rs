//! The forms of what no CRM sees: a signal's question, a contact, a trial's gate, access, a
//! hand-off; what each opens with, and what is to be done.

use super::super::field::{choice, day, text};
use super::super::{ActionKind, Field, FieldKey, Form, FormLine, Holds};
use super::{Seed, action};
use crate::domain::act::{Act, ContactSheet, HandoffSheet};
use crate::domain::deal::{AccessAnswer, ContactRole, ContactRow, GateFlag};
use crate::domain::defaults;
use crate::domain::ids::DealId;
use crate::domain::signal::SignalId;

/// What is told by a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tell {
    /// A signal's hard question goes to somebody by a date.
    AskSignal(SignalId),
    /// A contact, by its number; `None` for a new one.
    Contact(Option<i64>),
    /// What is agreed before a trial.
    Gate,
    /// Access to somebody senior.
    Access,
    /// A hand-off among us.
    Handoff,
}

impl Tell {
    /// Returns what stands over the form.
    pub fn title(self) -> &'static str {
        match self {
            Self::AskSignal(_) => "Ask",
            Self::Contact(_) => "Contact",
            Self::Gate => "Before a trial",
            Self::Access => "Access",
            Self::Handoff => "Hand off",
        }
    }

    /// Returns the word of the action that does what the form is for.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::AskSignal(_) => "Ask",
            Self::Contact(_) | Self::Gate | Self::Access => "Save",
            Self::Handoff => "Hand off",
        }
    }

    /// Whether the cursor starts in the first field, and not on the action.
    pub(super) fn starts_in_text(self) -> bool {
        !matches!(self, Self::AskSignal(_))
    }
}

impl Form {
    pub(super) fn tell(&mut self, tell: Tell, seed: &Seed<'_>) {
        match tell {
            Tell::AskSignal(signal) => self.ask_signal(signal, seed),
            Tell::Contact(id) => self.contact(id, seed),
            Tell::Gate => self.gate(seed),
            Tell::Access => self.access(seed),
            Tell::Handoff => self.handoff(),
        }
    }

    fn ask_signal(&mut self, signal: SignalId, seed: &Seed<'_>) {
        self.line("say", signal.to_say());
        self.line("settled by", signal.kind().settles);
        self.whom(seed);
        let due = seed.day(defaults::STEP_DAYS);
        self.fields
            .push(day(FieldKey::Due, "by", &seed.written(due), Holds::Day).required());
        self.actions
            .push(action(ActionKind::Copy, "copy", Some('c')));
    }

    fn contact(&mut self, id: Option<i64>, seed: &Seed<'_>) {
        let contacts = seed.detail.map_or(&[][..], |detail| &detail.contacts);
        let row: Option<&ContactRow> = contacts.iter().find(|row| Some(row.id) == id);
        let name = row.and_then(|row| seed.name(&row.name)).unwrap_or_default();
        self.fields.push(
            text(FieldKey::Name, "name", &name)
                .required()
                .hint("who it is")
                .private(),
        );
        let title = row.and_then(|row| row.title.as_deref()).unwrap_or_default();
        self.fields.push(text(FieldKey::Title, "title", title));
        let roles = ["not known"].into_iter().chain(ROLES.map(|(word, _)| word));
        let roles: Vec<&str> = roles.collect();
        let role = row.and_then(|row| row.role);
        let at = ROLES.iter().position(|(_, known)| Some(*known) == role);
        self.fields.push(choice(
            FieldKey::Role,
            "role",
            &roles,
            at.map_or(0, |at| at + 1),
        ));
        let level = row.and_then(|row| row.level).unwrap_or(0).clamp(0, 4) as usize;
        let levels = ["-", "1", "2", "3", "4"];
        self.fields
            .push(choice(FieldKey::Level, "level", &levels, level));
        let noted = row.and_then(|row| row.noted).map(|day| seed.written(day));
        let held = row.and_then(|row| row.met_by(seed.today));
        let held = held.map_or_else(
            || "not met yet".to_owned(),
            |day| format!("in a meeting on {}", seed.written(day)),
        );
        self.fields.push(
            text(FieldKey::Met, "met on", &noted.unwrap_or_default())
                .holding(Holds::DayBehind)
                .hint(&held),
        );
        let email = row.and_then(|row| row.email.as_ref());
        let email = email.and_then(|email| seed.free(email)).unwrap_or_default();
        self.fields
            .push(text(FieldKey::Email, "mail", &email).private());
        self.line(
            "level",
            "1 works with it, 2 leads a team, 3 leads a part, 4 leads the whole",
        );
    }

    fn gate(&mut self, seed: &Seed<'_>) {
        let gate = seed.detail.and_then(|detail| detail.seen.gate.as_ref());
        for flag in GateFlag::ALL {
            let owner = gate.and_then(|gate| gate.owner(*flag));
            let owner = owner.and_then(|owner| seed.name(owner)).unwrap_or_default();
            self.fields.push(
                text(FieldKey::Gate(*flag), flag.code(), &owner)
                    .hint("open: who on their side answers for it?")
                    .private(),
            );
        }
        let starts = gate
            .and_then(|gate| gate.starts)
            .map(|day| seed.written(day))
            .unwrap_or_default();
        self.fields.push(
            text(FieldKey::Starts, "starts", &starts)
                .holding(Holds::Day)
                .hint("no first day yet"),
        );
    }

    fn access(&mut self, seed: &Seed<'_>) {
        let asked = seed.detail.map_or(&[][..], |detail| &detail.seen.access);
        let waiting = asked.iter().find(|row| row.answer.is_none());
        let whom = waiting.and_then(|row| seed.name(&row.whom));
        self.fields.push(
            text(
                FieldKey::Whom,
                "to whom",
                whom.as_deref().unwrap_or_default(),
            )
            .required()
            .hint("whom we asked to meet")
            .private(),
        );
        let options = ["asked", "given", "refused"];
        self.fields
            .push(choice(FieldKey::Came, "it is", &options, 0));
        self.fields.push(choice(
            FieldKey::Swap,
            "in return",
            &["nothing", "something was offered"],
            0,
        ));
    }

    fn handoff(&mut self) {
        self.fields.push(
            text(FieldKey::Taker, "to", "")
                .required()
                .hint("who carries it now"),
        );
        self.fields
            .push(text(FieldKey::From, "from", "").hint("me"));
        self.fields
            .push(text(FieldKey::Overseer, "overseer", "").hint("who looks over their shoulder"));
        self.fields.push(
            text(FieldKey::Check, "looks on", "")
                .holding(Holds::DayAhead)
                .hint("+2w"),
        );
        self.lines.push(FormLine {
            label: String::new(),
            text: "The senior belongs in the first two meetings and in the closing.".to_owned(),
            warn: false,
        });
    }

    /// What is to be done; `None` where nothing was changed.
    pub(in super::super) fn tell_act(&self, tell: Tell, deal: DealId) -> Option<Act> {
        Some(match tell {
            Tell::AskSignal(signal) => Act::AskSignal {
                deal,
                signal,
                whom: self.words_of(FieldKey::Whom),
                due: self.day_of(FieldKey::Due),
            },
            Tell::Contact(id) => {
                let contact = self.contact_sheet()?;
                match id {
                    Some(_) if self.is_untouched() => return None,
                    Some(id) => Act::ContactEdit {
                        contact: id,
                        to: contact,
                    },
                    None => Act::ContactAdd { deal, contact },
                }
            }
            Tell::Gate if self.is_untouched() => return None,
            Tell::Gate => Act::GateSheet {
                deal,
                owners: GateFlag::ALL
                    .iter()
                    .filter(|flag| {
                        let field = self.field(FieldKey::Gate(**flag));
                        field.is_some_and(|field| !field.is_untouched())
                    })
                    .map(|flag| (*flag, self.words_of(FieldKey::Gate(*flag))))
                    .collect(),
                starts: self.day_of(FieldKey::Starts),
            },
            Tell::Access => {
                let whom = self.words_of(FieldKey::Whom)?;
                match self.picked(FieldKey::Came) {
                    0 => Act::AccessAsk {
                        deal,
                        whom,
                        swap: self.picked(FieldKey::Swap) == 1,
                    },
                    1 => Act::AccessAnswer {
                        deal,
                        whom,
                        answer: AccessAnswer::Given,
                    },
                    _ => Act::AccessAnswer {
                        deal,
                        whom,
                        answer: AccessAnswer::Refused,
                    },
                }
            }
            Tell::Handoff => Act::Handoff {
                deal,
                sheet: HandoffSheet {
                    from: self.words_of(FieldKey::From),
                    to: self.words_of(FieldKey::Taker)?,
                    overseer: self.words_of(FieldKey::Overseer),
                    next_check: self.day_of(FieldKey::Check),
                },
            },
        })
    }

    fn contact_sheet(&self) -> Option<ContactSheet> {
        let role = self.picked(FieldKey::Role).checked_sub(1);
        let level = self.picked(FieldKey::Level);
        Some(ContactSheet {
            name: self.words_of(FieldKey::Name)?,
            title: self.words_of(FieldKey::Title),
            role: role.and_then(|at| ROLES.get(at)).map(|(_, role)| *role),
            level: (level > 0).then_some(level as u8),
            met: self.day_of(FieldKey::Met),
            email: self.words_of(FieldKey::Email),
        })
    }

    fn is_untouched(&self) -> bool {
        self.fields.iter().all(Field::is_untouched)
    }
}

/// The roles with their words.
pub const ROLES: [(&str, ContactRole); 5] = [
    ("signs", ContactRole::EconomicBuyer),
    ("champion", ContactRole::Champion),
    ("user", ContactRole::User),
    ("purchasing", ContactRole::Purchasing),
    ("blocker", ContactRole::Blocker),
];
