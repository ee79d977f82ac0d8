//! Who decides, who was met, who is kept from us; and who of us was there.

use chrono::NaiveDate;

use super::super::doc::{Line, Role, Row, Span};
use super::super::words::safe;
use super::View;
use crate::app::form::ROLES;
use crate::app::model::DetailRow;
use crate::domain::deal::{AccessAnswer, ContactRole, ContactRow, Detail, TouchRow, TouchStatus};
use crate::domain::hours::Channel;
use crate::domain::phase::Phase;
use crate::domain::signal::SignalId;

/// Contacts that are listed at most.
const MOST: usize = 8;

impl View<'_, '_> {
    /// Contacts with role, level and whether we met; access asked and answered.
    pub(super) fn people(&self, detail: &Detail, lines: &mut Vec<Line>) {
        if detail.contacts.is_empty() && detail.seen.access.is_empty() {
            return;
        }
        lines.push(Line::Blank);
        let today = self.words.today;
        let met = detail.contacts.iter();
        let met = met.filter(|row| row.met_by(today).is_some());
        let met = if detail.contacts.is_empty() {
            String::new()
        } else {
            format!("{} of {} met", met.count(), detail.contacts.len())
        };
        let head = Row::new(1)
            .fill(Span::new("People", Role::Head))
            .fit(Span::text(met));
        lines.push(head.into());
        // Whoever decides stands first, then the more senior.
        let mut contacts: Vec<&ContactRow> = detail.contacts.iter().collect();
        contacts.sort_by_key(|row| (row.role.is_none(), row.role, std::cmp::Reverse(row.level)));
        for row in contacts.iter().take(MOST) {
            lines.push(self.contact(row));
        }
        let more = contacts.len().saturating_sub(MOST);
        if more > 0 {
            lines.push(Line::words(1, format!("{more} more"), Role::Text));
        }
        for row in detail.seen.access.iter().take(4) {
            let whom = self.words.contact(self.known.id, &row.whom);
            let day = self.words.day(row.day);
            let state = match (row.answer, row.answered) {
                (None, _) => "no answer yet".to_owned(),
                (Some(AccessAnswer::Given), _) => "given".to_owned(),
                (Some(AccessAnswer::Refused), _) => "refused".to_owned(),
            };
            let swap = if row.swap { ", something offered" } else { "" };
            let line = Row::new(1)
                .fixed(12, "access")
                .fill(Span::text(format!("{whom}, asked {day}{swap}")))
                .fit(Span::text(format!(" {state}")));
            self.lay(DetailRow::Access(row.id), vec![line.into()], lines);
        }
        if let Some(words) = self.moved_up(detail) {
            lines.push(Line::words(1, words, Role::Text));
        }
    }

    /// Whether we met somebody, and since when.
    pub(super) fn met(&self, row: &ContactRow) -> String {
        row.met_by(self.words.today).map_or_else(
            || "not met".to_owned(),
            |day| format!("met {}", self.words.day(day)),
        )
    }

    fn contact(&self, row: &ContactRow) -> Line {
        let mut what = Vec::new();
        what.extend(row.role.map(role_word).map(str::to_owned));
        let title = row.title.as_deref().filter(|title| !title.is_empty());
        if let Some(title) = title
            && !self.words.mask.hides_names_of(Some(self.known.id))
        {
            what.push(safe(title));
        }
        what.extend(row.level.map(|level| format!("level {level}")));
        let met = self.met(row);
        let name = self.words.contact(self.known.id, &row.name);
        let mut spans = vec![Span::text(name)];
        if !what.is_empty() {
            spans.push(Span::text(format!(" · {}", what.join(", "))));
        }
        let row = Row::new(1).fill_spans(spans);
        row.fit(Span::text(format!(" {met}"))).into()
    }

    /// Said where the latest contact of theirs stands higher than all before; being handed down is
    /// a signal.
    fn moved_up(&self, detail: &Detail) -> Option<String> {
        let eval = self.known.eval;
        let is_down = eval.is_some_and(|eval| {
            let mut signals = eval.signals.iter();
            signals.any(|signal| signal.id == SignalId::HandedDown && !signal.settled)
        });
        if is_down {
            return None;
        }
        let level = |touch: &TouchRow| -> Option<(i64, usize)> {
            let of = |name: &crate::domain::shown::Name| {
                let name = name.expose_for_storage();
                let mut rows = detail.contacts.iter().enumerate();
                rows.find(|(_, row)| row.name.expose_for_storage() == name)
            };
            let known = touch.contacts.iter().filter_map(of);
            known.filter_map(|(at, row)| Some((row.level?, at))).max()
        };
        let mut held = detail
            .touches
            .iter()
            .filter(|row| row.status == TouchStatus::Held)
            .filter_map(|touch| Some((touch.day, level(touch)?)));
        let (day, (last, at)) = held.next()?;
        let before = held.map(|(_, (level, _))| level).max()?;
        (last > before).then(|| {
            let who = self.words.contact(self.known.id, &detail.contacts[at].name);
            format!("moved up: {who}, level {last}, on {}", self.words.day(day))
        })
    }

    /// Who of our seniors was at the start and is in closing, and the last hand-off. Silent in a
    /// file with one person.
    pub(super) fn cover(&self, detail: &Detail, lines: &mut Vec<Line>) {
        let people = &self.model.facts.people;
        if people.len() < 2 && detail.seen.handoffs.is_empty() {
            return;
        }
        let mut of = Vec::new();
        if people.iter().any(|person| person.senior) {
            let mut meetings: Vec<&TouchRow> = detail
                .touches
                .iter()
                .filter(|row| is_meeting(row))
                .filter(|row| !row.people.is_empty())
                .collect();
            meetings.reverse();
            let start = meetings.iter().take(2).copied().collect::<Vec<_>>();
            if !start.is_empty() {
                of.push(("start", self.seniors(&start)));
            }
            if detail.deal.phase == Some(Phase::Negotiation)
                && let Some(last) = meetings.last()
            {
                of.push(("closing", self.seniors(&[last])));
            }
        }
        if let Some(row) = detail.seen.handoffs.first() {
            let from = row.from.as_deref().map(safe);
            let from = from.map_or_else(String::new, |from| format!("{from} to "));
            let (to, day) = (safe(&row.to), self.words.day(row.day));
            of.push(("hand-off", format!("{from}{to}, {day}")));
            if let Some(overseer) = row.overseer.as_deref() {
                of.push(("overseer", self.overseer(&safe(overseer), row.next_check)));
            }
        }
        if of.is_empty() {
            return;
        }
        lines.push(Line::Blank);
        lines.push(Line::head(1, "Our seniors"));
        for (label, text) in of {
            let row = Row::new(1).fixed(12, label).fill(Span::text(text));
            lines.push(row.into());
        }
    }

    fn seniors(&self, meetings: &[&TouchRow]) -> String {
        let people = &self.model.facts.people;
        let is_senior = |name: &str| {
            let mut seniors = people.iter().filter(|person| person.senior);
            seniors.any(|person| person.name.eq_ignore_ascii_case(name.trim()))
        };
        let mut names: Vec<String> = Vec::new();
        let mut with = 0;
        for row in meetings {
            let there: Vec<&String> = row.people.iter().filter(|name| is_senior(name)).collect();
            with += usize::from(!there.is_empty());
            for name in there {
                let name = safe(name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let of = meetings.len();
        if names.is_empty() {
            let noun = if of == 1 { "meeting" } else { "meetings" };
            return format!("nobody, in {of} {noun}");
        }
        format!("{}, in {with} of {of}", names.join(" and "))
    }

    fn overseer(&self, who: &str, check: Option<NaiveDate>) -> String {
        match check {
            None => who.to_owned(),
            Some(day) if day < self.words.today => {
                format!("{who}, was to look {}", self.words.day(day))
            }
            Some(day) => format!("{who}, looks {}", self.words.near_day(day)),
        }
    }
}

/// What somebody is in the purchase, in the words of their sheet.
pub(super) fn role_word(role: ContactRole) -> &'static str {
    let mut words = ROLES.iter();
    words
        .find(|(_, known)| *known == role)
        .map_or("", |(word, _)| word)
}

/// Whether both sides were there and it took place.
fn is_meeting(row: &TouchRow) -> bool {
    let channel = Channel::from_code(&row.channel);
    row.status == TouchStatus::Held && channel.is_some_and(Channel::is_meeting)
}
