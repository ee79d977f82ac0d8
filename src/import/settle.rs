//! What the cells of a column say against its header, or where its header is only a guess.

use super::column::Column;
use super::crm::Object;
use super::field::{Field, Kind};
use super::reading::{Around, Assumption, example};
use super::text;

/// Words for a day or an amount that there is not, also where only one cell has it.
const NONE: [&str; 14] = [
    "open",
    "notclosed",
    "notyet",
    "notset",
    "unknown",
    "offen",
    "unbekannt",
    "ouvert",
    "abierto",
    "незакрыта",
    "неуказана",
    "нет",
    "未定",
    "待定",
];

/// What is told in words, never in figures alone.
const IN_WORDS: [Field; 5] = [
    Field::Contact,
    Field::Product,
    Field::LeadSource,
    Field::NextStep,
    Field::Notes,
];

/// Corrects what the headers say by what the cells say, and names what it took for granted.
pub(super) fn settle(
    file: &str,
    headers: &[String],
    fields: &[Option<Field>],
    stats: &mut [Column],
    around: Around<'_>,
) -> (Vec<Option<Field>>, bool, Vec<Assumption>) {
    let mut fields = fields.to_vec();
    let mut assumptions = Vec::new();
    let is_deal = around.object == Object::Deal;
    let mut assume = |at: usize, reading: String, example: Option<String>| {
        assumptions.push(Assumption {
            file: file.to_owned(),
            column: Some(headers[at].clone()),
            reading,
            example,
            is_usual: false,
        });
    };
    for at in 0..fields.len() {
        let Some(field) = fields[at].filter(|_| is_deal) else {
            continue;
        };
        let turned = stats[at].turned(field);
        if turned != field && !fields.contains(&Some(turned)) {
            fields[at] = Some(turned);
            stats[at].strange = None;
        }
    }
    for at in 0..fields.len() {
        let (Some(field), Some(Some(_))) = (fields[at], around.guesses.get(at)) else {
            continue;
        };
        if !stats[at].bears_out(field) {
            fields[at] = None;
            continue;
        }
        let reading = format!("taken for the {} by the words of its header", field.words());
        assume(at, reading, stats[at].example.clone());
    }
    let has = |fields: &[Option<Field>], field| {
        let mut all = fields.iter().zip(stats.iter());
        all.position(|(f, s)| *f == Some(field) && s.seen > 0)
    };
    // Without an amount of the deal those of its lines are what there is of one.
    let of_lines = has(&fields, Field::LineAmount).filter(|_| is_deal);
    let is_lines = of_lines.is_some() && has(&fields, Field::Amount).is_none();
    if let (Some(at), true) = (of_lines, is_lines) {
        let unread = |field: &mut Option<Field>| *field = field.filter(|f| *f != Field::Amount);
        fields.iter_mut().for_each(unread);
        fields[at] = Some(Field::Amount);
        let reading = "there is no amount of the deal: that of its line, or of all of its lines, \
                       is taken";
        assume(at, reading.to_owned(), stats[at].example.clone());
    }
    for at in 0..fields.len() {
        let Some((field, unit)) = stats[at].unit(&headers[at], fields[at]) else {
            continue;
        };
        fields[at] = Some(field);
        let reading = format!("no unit is named: read as {unit}, for as minutes it were days");
        assume(at, reading, stats[at].example.clone());
    }
    if let (Some(at), None, true) = (
        has(&fields, Field::Status),
        has(&fields, Field::Stage),
        is_deal && !around.is_crm,
    ) {
        let values = &stats[at].values;
        let strange = values.iter().find(|v| around.words.exact(v).is_none());
        if let Some(strange) = strange.map(|value| example(value)) {
            fields[at] = Some(Field::Stage);
            let reading = "it has words of stages: it is the stage, and says won and lost too";
            assume(at, reading.to_owned(), Some(strange));
        }
    }
    for (at, field) in fields.iter().enumerate() {
        let kind = field.map(Field::kind);
        if let (Some(Kind::Day | Kind::Amount), Some(word), true) =
            (kind, stats[at].none(), is_deal)
        {
            let reading = "no cell that says so has a value: it is taken for blank".to_owned();
            assume(at, reading, Some(example(word)));
        }
    }
    (fields, is_lines, assumptions)
}

impl Column {
    /// A text without a digit by which several cells say that there is nothing, and no other one.
    pub(super) fn none(&self) -> Option<&str> {
        self.wordless.text.as_deref().filter(|word| {
            !self.wordless.has_others
                && (self.wordless.times > 1 || NONE.contains(&text::key(word).as_str()))
        })
    }

    /// What the cells make of a field: days in a column of yes and no, and the other way.
    fn turned(&self, field: Field) -> Field {
        let is_day = self.dates.days() > 0 && self.yes + self.no == 0;
        // `x` alone may stand for anything: a flag says no as well.
        let is_flag = self.no > 0 && self.yes + self.no == self.seen;
        let mut pairs = [
            (Field::Closed, Field::IsClosed),
            (Field::CloseDate, Field::IsClosed),
            (Field::WonTime, Field::IsWon),
            (Field::LostTime, Field::IsLost),
        ]
        .into_iter();
        pairs
            .find_map(|(day, flag)| {
                if is_flag && field == day {
                    Some(flag)
                } else if is_day && field == flag {
                    Some(day)
                } else {
                    None
                }
            })
            .unwrap_or(field)
    }

    /// The unit of a duration whose numbers cannot be minutes.
    fn unit(&self, header: &str, field: Option<Field>) -> Option<(Field, &'static str)> {
        let header = text::key(header);
        let is_named = ["second", "sec", "ms", "milli", "hour", "hrs", "min"]
            .iter()
            .any(|unit| header.contains(unit));
        if field != Some(Field::Duration) || is_named || self.numbers.count < self.seen {
            return None;
        }
        if self.numbers.longest >= 10_000.0 && !self.numbers.has_odd {
            Some((Field::Milliseconds, "milliseconds"))
        } else if self.numbers.longest > 600.0 {
            Some((Field::Seconds, "seconds"))
        } else {
            None
        }
    }

    /// Whether cells of a guessed column say what its header does.
    fn bears_out(&self, field: Field) -> bool {
        let of = |good: u64| {
            let none = if self.none().is_some() {
                self.wordless.times
            } else {
                0
            };
            self.seen == 0 || good > 0 && (good + none) * 2 > self.seen
        };
        match field.kind() {
            Kind::Day => of(self.dates.days() + self.dates.months()),
            Kind::Amount => of(self.numbers.count),
            Kind::Percent => self.percents.strange.is_none(),
            Kind::Flag => of(self.yes + self.no),
            Kind::Line if field == Field::Currency => self.strange.is_none(),
            // `Contacts engaged` counts them, `Service started` is a day.
            Kind::Line | Kind::Free if IN_WORDS.contains(&field) => {
                self.seen == 0 || self.figures * 2 < self.seen
            }
            Kind::Line | Kind::Free | Kind::Id | Kind::Nothing => true,
        }
    }
}
