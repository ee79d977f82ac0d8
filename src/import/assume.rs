//! What was decided about a file of deals though the file does not prove it, in words.

use super::crm::Object;
use super::field::{Field, Kind};
use super::header::{ascii, strange_unit, with_currency, with_scale};
use super::reading::{Assumption, Decided, Decider, example};
use super::roots;
use super::values::amounts;
use super::values::dates::Beside;
use super::words::Status;

/// Days that a deal can do without.
const OPTIONAL: [Field; 7] = [
    Field::Created,
    Field::ExpectedClose,
    Field::CloseDate,
    Field::LastActivity,
    Field::Updated,
    Field::StageChanged,
    Field::NextStepDate,
];
/// Days to come, for which people write a month or a quarter.
const SHALL_CLOSE: [Field; 2] = [Field::ExpectedClose, Field::CloseDate];
/// Months of a year.
const MONTHS: i64 = 12;

impl Decider<'_> {
    pub(super) fn assume_currency(&self, out: &mut Decided) {
        let mut assumptions = Vec::new();
        let mut assume = |column: Option<&String>, reading: &str, example: Option<String>| {
            assumptions.push(Assumption {
                file: self.file.to_owned(),
                column: column.cloned(),
                reading: reading.to_owned(),
                example,
                is_usual: false,
            });
        };
        for (at, field) in self.fields.iter().enumerate() {
            let stats = &self.stats[at];
            if *field == Some(Field::Amount) && stats.seen > 0 {
                let header = Some(&self.headers[at]);
                let dollar = &stats.amounts.dollar;
                let name = &ascii(&self.headers[at]);
                out.currency = with_currency(name).map(|(_, code)| code);
                if let Some((_, code, unit)) = with_scale(name) {
                    out.currency = out.currency.or(code);
                    out.scale = unit;
                    let unit = amounts::unit_in_words(unit);
                    let reading = format!("by its header each amount is in units of `{unit}`");
                    assume(header, &reading, stats.example.clone());
                } else if let Some(unit) = strange_unit(name) {
                    let reading = format!(
                        "what `{}` in its header says is not known: amounts are taken as they stand",
                        example(unit)
                    );
                    assume(header, &reading, stats.example.clone());
                }
                if let Some(cell) = &stats.amounts.mil {
                    let reading = "`mil` is taken for a thousand, as in Spanish and Portuguese; in \
                                   English it may be a million";
                    assume(header, reading, Some(cell.clone()));
                }
                if roots::is_monthly(&self.headers[at]) {
                    out.times = Some(MONTHS);
                    let reading = "by its header each amount is of a month: taken times 12, a year";
                    assume(header, reading, stats.example.clone());
                }
                let is_given = self
                    .around
                    .given
                    .currency
                    .or(out.currency)
                    .or(self.around.formats.currency);
                if is_given.is_none() && !self.has(Field::Currency) {
                    if dollar.is_some() {
                        assume(
                            header,
                            "`$` is read as USD; `--currency` says otherwise",
                            dollar.clone(),
                        );
                    } else if let Some(cell) = &stats.amounts.vague {
                        let reading = "this mark is of the money of several countries: such amounts \
                                       have no currency; `--currency` gives one";
                        assume(header, reading, Some(example(cell)));
                    } else if !stats.amounts.has_currency {
                        assume(
                            header,
                            "no currency is named: amounts have none; `--currency` gives one",
                            stats.example.clone(),
                        );
                    }
                }
            }
            if *field == Some(Field::Currency)
                && let Some(strange) = &stats.strange
            {
                let reading = "no currency that is known: such amounts have none";
                assume(Some(&self.headers[at]), reading, Some(strange.clone()));
            }
        }
        out.assumptions.extend(assumptions);
    }

    fn assume(
        &self,
        out: &mut Decided,
        column: Option<usize>,
        reading: String,
        example: Option<String>,
    ) {
        out.assumptions.push(Assumption {
            file: self.file.to_owned(),
            column: column.map(|at| self.headers[at].clone()),
            reading,
            example,
            is_usual: false,
        });
    }

    pub(super) fn column(&self, field: Field) -> Option<usize> {
        let mut filled = self.fields.iter().zip(self.stats);
        filled.position(|(f, s)| *f == Some(field) && s.seen > 0)
    }

    /// Amounts of a month are made amounts of a year; whole numbers may be cents.
    pub(super) fn assume_periods(&self, out: &mut Decided) {
        if let Some(at) = self.column(Field::AmountPeriod) {
            for (period, times, amount) in &self.pairs.periods {
                let reading =
                    format!("amounts that are `{period}` are taken times {times}: a year");
                self.assume(out, Some(at), reading, Some(amount.clone()));
            }
            if let Some(strange) = &self.pairs.strange {
                let reading = "no period that is known: such amounts stay as they are".to_owned();
                self.assume(out, Some(at), reading, Some(strange.clone()));
            }
            // Only Close writes a period, and its API writes cents.
            if let Some(amount) = self.column(Field::Amount)
                && self.pairs.cents + self.pairs.units == 0
            {
                let reading = "read as whole units and not as cents: no column shows which it is";
                let example = self.stats[amount].example.clone();
                self.assume(out, Some(amount), reading.to_owned(), example);
            }
        }
    }

    /// Ids that are not to be trusted, and ids without names.
    pub(super) fn assume_ids(&self, out: &mut Decided) {
        if let Some(at) = self.column(Field::ExternalId) {
            let stats = &self.stats[at];
            let round = stats.is_round().then(|| stats.example.clone()).flatten();
            if let Some(example) = stats.rounded.clone().or(round) {
                let reading = "a spreadsheet rounded these ids: they are not used, such a deal is \
                               known by its title, account, day and owner";
                self.assume(out, Some(at), reading.to_owned(), Some(example));
            }
        } else if self.around.object == Object::Deal
            && self.column(Field::Url).is_none()
            && self.column(Field::PublicId).is_none()
        {
            let reading = "there is no id: a deal is known by its title, account, day of creation \
                           and owner";
            self.assume(out, None, reading.to_owned(), None);
        }
        let of_link = self.column(Field::ExternalId).or(self.column(Field::Url));
        if let Some(at) = of_link
            && let Some(id) = &self.stats[at].in_link
        {
            let reading = "the id of a deal is a part of the link to it";
            self.assume(out, Some(at), reading.to_owned(), Some(id.clone()));
        }
        if let Some(at) = self.column(Field::Merged) {
            let stats = &self.stats[at];
            let reading = format!(
                "{} deals had others merged into them; those others are kept if they are here",
                stats.seen
            );
            self.assume(out, Some(at), reading, stats.example.clone());
        }
        if let Some(at) = self.column(Field::PartyType) {
            let mut values = self.stats[at].values.iter();
            if let Some(person) = values.find(|value| roots::is_person(value)) {
                let reading = "such a deal is with a person: the name is its contact, and it has \
                               no account";
                self.assume(out, Some(at), reading.to_owned(), Some(example(person)));
            }
        }
        let accounts = "no file names these accounts: give the table of accounts as well";
        let owners = "no file names these owners: the id stands for the name";
        for (id, name, is_named, reading) in [
            (
                Field::AccountId,
                Field::Account,
                self.around.beside.has_accounts(),
                accounts,
            ),
            (
                Field::OwnerId,
                Field::Owner,
                self.around.beside.has_users(),
                owners,
            ),
        ] {
            let Some(at) = self.column(id) else { continue };
            if self.column(name).is_none() && !is_named {
                self.assume(
                    out,
                    Some(at),
                    reading.to_owned(),
                    self.stats[at].example.clone(),
                );
            }
        }
    }

    /// Cells that say something else than their column.
    pub(super) fn assume_cells(&self, out: &mut Decided) {
        for (at, field) in self.fields.iter().enumerate() {
            let (Some(field), stats) = (field, &self.stats[at]) else {
                continue;
            };
            let found = match field.kind() {
                Kind::Percent => stats.percents.strange.as_ref().map(|cell| {
                    (
                        cell,
                        "no chance between 0 and 100: such a cell says nothing",
                    )
                }),
                Kind::Amount => stats.amounts.unit.as_ref().map(|cell| {
                    (
                        cell,
                        "the word behind the number is no currency and is left out",
                    )
                }),
                Kind::Flag if !matches!(field, Field::Archived | Field::Active) => stats
                    .strange
                    .as_ref()
                    .map(|cell| (cell, "neither yes nor no: such a cell says nothing")),
                Kind::Line | Kind::Id => stats
                    .several
                    .as_ref()
                    .map(|cell| (cell, "several in one cell: the first is taken")),
                Kind::Flag | Kind::Free | Kind::Day | Kind::Nothing => None,
            };
            if let Some((cell, reading)) = found {
                self.assume(out, Some(at), reading.to_owned(), Some(example(cell)));
            }
        }
    }

    /// What a column of days has beside days: only of deals, and only days that they can do without.
    pub(super) fn beside(&self, at: usize, field: Field) -> Beside {
        if self.around.object != Object::Deal || !OPTIONAL.contains(&field) {
            return Beside::default();
        }
        Beside {
            has_strange: self.unread(at, field) > 0,
            ..self.stats[at].dates.beside(SHALL_CLOSE.contains(&field))
        }
    }

    /// How many cells of a column of days nobody can read, beside those that say that there is none.
    fn unread(&self, at: usize, field: Field) -> u64 {
        let stats = &self.stats[at];
        let none = stats.none().map_or(0, |_| stats.wordless.times);
        let unread = stats.dates.unread(SHALL_CLOSE.contains(&field));
        unread.saturating_sub(none)
    }

    /// Cells of days that are none: a month, a quarter, or what nobody can read.
    pub(super) fn assume_days(&self, out: &mut Decided) {
        for (at, field) in self.fields.iter().enumerate() {
            let Some(field) = *field else { continue };
            let (beside, dates) = (self.beside(at, field), &self.stats[at].dates);
            let may_span = SHALL_CLOSE.contains(&field);
            if beside.has_spans {
                let reading = "a month or a quarter means its last day".to_owned();
                self.assume(out, Some(at), reading, dates.span.as_deref().map(example));
            }
            if beside.has_short {
                let reading = "the number behind a month is a year: its last day is meant";
                let cell = dates.short.as_deref().map(example);
                self.assume(out, Some(at), reading.to_owned(), cell);
            }
            if beside.has_strange {
                let (unread, seen) = (self.unread(at, field), self.stats[at].seen);
                let are = if unread == 1 { "is" } else { "are" };
                let reading = format!(
                    "{unread} of the {seen} cells looked at {are} no date that can be read: such a \
                     deal is taken without it"
                );
                let cell = dates.unread_example(may_span).map(|cell| example(cell));
                self.assume(out, Some(at), reading, cell);
            }
        }
    }

    /// Where the words of a stage or of a status decide how a deal stands.
    pub(super) fn assume_status(&self, out: &mut Decided) {
        if self.around.object != Object::Deal {
            return;
        }
        let words = self.around.words;
        let list = |values: &[&String]| {
            let shown: Vec<_> = values
                .iter()
                .take(4)
                .map(|v| format!("`{}`", example(v)))
                .collect();
            shown.join(", ")
        };
        let closed = self.closed_for_won();
        if let Some((at, word)) = closed {
            let reading = format!(
                "others are lost, and none is won but what is `{}`",
                example(word)
            );
            self.assume(out, Some(at), reading, Some(example(word)));
            out.won = Some(word.to_owned());
        }
        let means = |value: &String| {
            let is_closed = closed.is_some_and(|(_, word)| word == value);
            words.status(value).or(is_closed.then_some(Status::Won))
        };
        if let Some(at) = self.column(Field::Status) {
            let values = &self.stats[at].values;
            let strange: Vec<_> = values.iter().filter(|v| means(v).is_none()).collect();
            if let Some(first) = strange.first() {
                let reading = format!(
                    "no status that is known: {}; such a deal goes by its stage",
                    list(&strange)
                );
                self.assume(out, Some(at), reading, Some(example(first)));
            }
            return;
        }
        if self.around.beside.has_stages() {
            return;
        }
        let says_won = [Field::IsWon, Field::IsLost]
            .iter()
            .any(|flag| self.column(*flag).is_some());
        if let Some(at) = self.column(Field::IsClosed) {
            let silent = self.column(Field::Stage).and_then(|stage| {
                let mut values = self.stats[stage].values.iter();
                values.find(|v| words.status(v).is_none())
            });
            if let (Some(silent), false) = (silent, says_won) {
                let reading = format!(
                    "nothing but a stage says won: what is closed in any other stage, such as `{}`, is taken for lost",
                    example(silent)
                );
                self.assume(out, Some(at), reading, self.stats[at].example.clone());
            }
            return;
        }
        if says_won {
            return;
        }
        let Some(at) = self.column(Field::Stage) else {
            let tells = [
                Field::Closed,
                Field::WonTime,
                Field::LostTime,
                Field::LostReason,
                Field::Probability,
            ];
            if !tells.iter().any(|field| self.column(*field).is_some()) {
                let reading = "no column says how a deal stands: all are open";
                self.assume(out, None, reading.to_owned(), None);
            }
            return;
        };
        let values = &self.stats[at].values;
        let of = |status| {
            let found: Vec<_> = values.iter().filter(|v| means(v) == Some(status)).collect();
            found
        };
        let (won, lost) = (of(Status::Won), of(Status::Lost));
        let first = won.first().or(lost.first()).copied().or(values.first());
        let reading = match (won.is_empty(), lost.is_empty()) {
            (true, true) => {
                "there is no status, and no stage says won or lost: all are open".to_owned()
            }
            (false, true) => format!("there is no status: {} is won, the rest open", list(&won)),
            (true, false) => format!("there is no status: {} is lost, the rest open", list(&lost)),
            (false, false) => format!(
                "there is no status: {} is won, {} is lost, the rest open",
                list(&won),
                list(&lost)
            ),
        };
        self.assume(out, Some(at), reading, first.map(|v| example(v)));
        let mut closed = won.iter().chain(&lost).peekable();
        let is_usual = closed.peek().is_some() && closed.all(|v| words.exact(v).is_some());
        if let Some(last) = out.assumptions.last_mut() {
            last.is_usual = is_usual;
        }
    }

    /// The column in which deals are lost or just closed, and the word by which they are closed.
    fn closed_for_won(&self) -> Option<(usize, &str)> {
        const CLOSED: [&str; 12] = [
            "closed",
            "fechado",
            "fechada",
            "cerrado",
            "cerrada",
            "chiuso",
            "chiusa",
            "fermé",
            "clôturé",
            "geschlossen",
            "abgeschlossen",
            "gesloten",
        ];
        let flags = [Field::IsWon, Field::IsLost, Field::WonTime];
        if flags.iter().any(|flag| self.column(*flag).is_some()) {
            return None;
        }
        let at = [Field::Status, Field::Stage]
            .iter()
            .find_map(|field| self.column(*field))?;
        let values = &self.stats[at].values;
        let is = |status| {
            let mut all = values.iter();
            all.any(|v| self.around.words.status(v) == Some(status))
        };
        let mut closed = values.iter().filter(|v| {
            let key = super::text::key(v);
            CLOSED.contains(&key.as_str()) && self.around.words.status(v).is_none()
        });
        let word = closed.next()?;
        // `Converted` beside it may be what is won.
        let is_only_strange = || {
            let words = self.around.words;
            self.fields[at] != Some(Field::Status)
                || values
                    .iter()
                    .all(|v| v == word || words.status(v).is_some())
        };
        let is_it = is(Status::Lost) && !is(Status::Won) && closed.next().is_none();
        (is_it && is_only_strange()).then_some((at, word))
    }

    pub(super) fn assume_title(&self, out: &mut Decided) {
        let is_deal = |field: &Option<Field>| {
            !matches!(
                field,
                Some(
                    Field::At
                        | Field::Due
                        | Field::Completed
                        | Field::DealId
                        | Field::LastName
                        | Field::Subject
                )
            )
        };
        if self.has(Field::Title) || !self.fields.iter().all(is_deal) {
            return;
        }
        let stand_ins = [
            (Field::Product, "product"),
            (Field::Account, "account"),
            (Field::ExternalId, "id"),
        ];
        let stand_in = stand_ins.into_iter().find(|(field, _)| self.has(*field));
        let Some((field, word)) = stand_in else {
            return;
        };
        let at = self.fields.iter().position(|f| *f == Some(field));
        out.assumptions.push(Assumption {
            file: self.file.to_owned(),
            column: at.map(|at| self.headers[at].clone()),
            reading: format!("the file has no title: the {word} stands for it"),
            example: at.and_then(|at| self.stats[at].example.clone()),
            is_usual: false,
        });
    }
}
