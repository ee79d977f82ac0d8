//! Two wallets: what a deal does to the company's money, and what to one's own.

use super::super::doc::{Line, Role, Row, Span};
use super::{Set, View};
use crate::app::model::DetailRow;
use crate::domain::deal::{ConcessionKind, ConcessionRow, Detail, FreshEyes, SweepWord};
use crate::domain::money::Money;
use crate::domain::signal::SignalId;

/// How many settled baits of one's own take the place of the rule of thumb.
const ENOUGH: u32 = 8;

impl View<'_, '_> {
    /// Margin, discount, what was given and dangled, what they ask of us already; whether one wants
    /// it at all.
    pub(super) fn wallets(&self, detail: &Detail, lines: &mut Vec<Line>) {
        let company = self.company(detail);
        let own = self.own(detail);
        let given: Vec<&ConcessionRow> = detail
            .seen
            .concessions
            .iter()
            .filter(|row| row.kind != ConcessionKind::Bait)
            .collect();
        let bait: Vec<&ConcessionRow> = detail
            .seen
            .concessions
            .iter()
            .filter(|row| row.kind == ConcessionKind::Bait)
            .collect();
        let load = detail.support.as_ref();
        let is_silent = company.is_empty() && own.is_empty() && load.is_none();
        if is_silent && given.is_empty() && bait.is_empty() {
            return;
        }
        lines.push(Line::Blank);
        lines.push(Line::head(1, "Money"));
        let label = |label: &'static str, text: String| -> Line {
            let column = Set::Airy.label();
            let spans = vec![Span::text(format!(
                "{label:<width$}",
                width = usize::from(column)
            ))];
            let spans = [spans, vec![Span::text(text)]].concat();
            Line::para(1, 1 + column, spans)
        };
        if !company.is_empty() {
            lines.push(label("company", company.join(" · ")));
        }
        if let Some(load) = load {
            let (since, hours) = (self.words.day(load.since), self.words.hours(load.hours()));
            let text = format!("{} since the offer of {since}, {hours} h", load.words());
            lines.push(label("support", text));
        }
        for row in given {
            lines.push(label("gave", self.gave(row)));
        }
        for row in &bait {
            let state = match row.kept {
                None => "not kept yet",
                Some(true) => "kept",
                Some(false) => "not kept",
            };
            let what = self.words.free(Some(self.known.id), &row.what);
            let line = Row::new(1)
                .fixed(Set::Airy.label(), "bait")
                .fill(Span::text(what))
                .fit(Span::text(format!(" {state}")));
            self.lay(DetailRow::Bait(row.id), vec![line.into()], lines);
        }
        if bait.iter().any(|row| row.kept.is_none()) {
            let words = self.bait_rate();
            lines.push(Line::words(1 + Set::Airy.label(), words, Role::Quiet));
        }
        if !own.is_empty() {
            lines.push(label("mine", own.join(" · ")));
        }
    }

    /// How often bait is kept: by a rule of thumb until there are enough of one's own.
    pub(in super::super) fn bait_rate(&self) -> String {
        bait_rate(self.model.facts.bait)
    }

    fn percent(&self, percent: f64) -> String {
        if self.words.mask.hides_amounts() {
            return self.words.mask.figure().to_owned();
        }
        let digits = usize::from(percent.fract() != 0.0);
        format!("{} %", self.words.locale.decimal(percent, digits))
    }

    fn company(&self, detail: &Detail) -> Vec<String> {
        let bounds = &self.model.thresholds.money;
        let mut words = Vec::new();
        if let Some(margin) = detail.deal.margin {
            let (is, floor) = (self.percent(margin), self.percent(bounds.margin_floor));
            words.push(format!("margin {is}, floor {floor}"));
        }
        if let Some(discount) = detail.deal.discount {
            let (is, most) = (
                self.percent(discount),
                self.percent(bounds.discount_ceiling),
            );
            words.push(format!("discount {is}, at most {most}"));
        }
        if let Some(worth) = self.worth(detail) {
            words.push(format!("worth {worth} an hour still to spend"));
        }
        if let Some(sent) = self.sent_again(detail) {
            words.push(sent);
        }
        words
    }

    /// Value x margin / hours still to spend, only where all are known (scoring model).
    fn worth(&self, detail: &Detail) -> Option<String> {
        let (amount, margin) = (detail.deal.amount?, detail.deal.margin?);
        let hours = self.known.eval?.hours;
        if hours.assumed || hours.at_stake <= 0.0 {
            return None;
        }
        let minor = amount.minor as f64 * margin / 100.0 / hours.at_stake;
        // In whole units: the hours are an estimate.
        let unit = 10_f64.powi(amount.exponent() as i32);
        let worth = Money {
            minor: ((minor / unit).round() * unit) as i64,
            ..amount
        };
        Some(self.words.money(worth))
    }

    /// A document that was sent more than once, where no signal says so already.
    fn sent_again(&self, detail: &Detail) -> Option<String> {
        let is_told = self.known.eval.is_some_and(|eval| {
            let mut signals = eval.signals.iter();
            signals.any(|signal| signal.id == SignalId::ReQuoted)
        });
        if is_told {
            return None;
        }
        let mut most: Option<(&str, usize)> = None;
        for row in &detail.touches {
            let Some(document) = &row.document else {
                continue;
            };
            let name = document.expose_for_storage();
            let same = |other: &&crate::domain::deal::TouchRow| {
                let document = other.document.as_ref();
                document.is_some_and(|d| d.expose_for_storage() == name)
            };
            let times = detail.touches.iter().filter(same).count();
            if times > 1 && most.is_none_or(|(_, before)| times > before) {
                most = Some((name, times));
            }
        }
        let (_, times) = most?;
        Some(format!("the same document sent {times} times"))
    }

    fn gave(&self, row: &ConcessionRow) -> String {
        let id = Some(self.known.id);
        let kind = match row.kind {
            ConcessionKind::Discount => "discount",
            ConcessionKind::FreeWork => "free work",
            ConcessionKind::Promise => "a promise",
            ConcessionKind::Bait => "bait",
        };
        let mut text = format!("{kind}: {}", self.words.free(id, &row.what));
        if let Some(amount) = row.amount {
            text = format!("{text}, {}", self.words.money(amount));
        }
        match &row.traded_for {
            Some(traded) => text = format!("{text}, for {}", self.words.free(id, traded)),
            None => text.push_str(", for nothing"),
        }
        if row.hard_to_keep {
            text.push_str(", hard to keep");
        }
        text
    }

    /// What it does to the person: wanted or not, dreaded or glad, taken again or not.
    fn own(&self, detail: &Detail) -> Vec<String> {
        let seen = &detail.seen;
        let mut words = Vec::new();
        if seen.is_unwanted {
            words.push("I do not want this sale".to_owned());
        }
        if let Some(sweep) = seen.sweep {
            let day = self.words.day(sweep.day);
            words.push(match sweep.word {
                SweepWord::Glad => format!("glad of their calls, {day}"),
                SweepWord::Dread => format!("I dread their calls, {day}"),
                SweepWord::Unknown => format!("no idea about them, {day}"),
            });
        }
        if let Some(fresh) = seen.fresh_eyes {
            let day = self.words.day(fresh.day);
            words.push(match fresh.answer {
                FreshEyes::Yes => format!("with fresh eyes I would take it, {day}"),
                FreshEyes::No => format!("with fresh eyes I would not take it, {day}"),
                FreshEyes::Unknown => format!("hard to say with fresh eyes, {day}"),
            });
        }
        words
    }
}

/// How often bait is kept, in words: kept, of so many that are settled.
pub fn bait_rate((kept, settled): (u32, u32)) -> String {
    if settled >= ENOUGH {
        return format!("bait was kept {kept} of {settled} times here");
    }
    let own = if settled > 0 {
        format!("; here {kept} of {settled}")
    } else {
        String::new()
    };
    format!("starting value, an opinion: bait is kept 2 times in 100{own}")
}
