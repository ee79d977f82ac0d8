//! `show`: one deal with all that is known of it.

use std::fmt::Write as _;

use clap::Args;

use super::error::CliError;
use super::list::{amount, standing};
use super::out::{Out, Tone};
use super::session::Session;
use crate::domain::bank::Bank;
use crate::domain::clean::{TermSafe, pad_right};
use crate::domain::deal::{AfterHours, Decision, Detail, OutcomeKind};
use crate::domain::shown::{Free, Label, Mask};
use crate::export::deals::{self, Record};
use crate::export::show::{self, ShowJson};
use crate::store::{Access, Entry};

/// Shows one deal with all that is known of it.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The deal: its number, `source:id`, or words that find it alone.
    deal: String,
    /// Hides amounts (1), or names and all free text as well (2).
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    mask: Option<u8>,
}

/// Actions of the journal that are shown.
const ACTIONS: usize = 100;

/// Carries out `show`.
pub fn run(session: &mut Session<'_>, args: &ShowArgs) -> Result<(), CliError> {
    let store = session.open(Access::Write)?;
    let deal = Session::deal(&store, &args.deal)?;
    let gone = || CliError::failed(format!("deal {deal} is gone"));
    let record = deals::records(&store, &[deal])?.pop().ok_or_else(gone)?;
    let mut detail = store.detail(deal)?.ok_or_else(gone)?;
    let journal = store.journal(Some(deal), None, None, ACTIONS)?;
    let mask = session.mask(args.mask);
    let today = session.around.today();
    detail.support = store.support(deal, today)?;
    let bank = store.judge().bank();
    if session.global.json {
        let value = ShowJson::new(&record, &detail, &journal, bank, &mask, today);
        session.out.value(&value)?;
        return Ok(());
    }
    let mut page = Page {
        out: &mut session.out,
        mask: &mask,
        detail: &detail,
    };
    page.head(&record)?;
    page.judged(&record, bank, today)?;
    page.answers(bank)?;
    page.decided()?;
    page.words(bank)?;
    page.journal(&journal)?;
    Ok(())
}

/// Width of the labels on the left.
const LABEL: usize = 12;

struct Page<'p> {
    out: &'p mut Out,
    mask: &'p Mask,
    detail: &'p Detail,
}

impl Page<'_> {
    fn line(&mut self, label: &str, text: &str) -> std::io::Result<()> {
        let label = pad_right(label, LABEL, "");
        for (at, part) in TermSafe::block(text).as_str().lines().enumerate() {
            let label = if at == 0 {
                label.as_str()
            } else {
                "            "
            };
            self.out.line(format!("{label}{part}"))?;
        }
        Ok(())
    }

    fn maybe(&mut self, label: &str, text: Option<String>) -> std::io::Result<()> {
        match text {
            Some(text) => self.line(label, &text),
            None => Ok(()),
        }
    }

    fn section(&mut self, title: &str) -> std::io::Result<()> {
        self.out.line("")?;
        self.out.line(Tone::Head.paint(title))
    }

    fn free(&self, text: &Free) -> String {
        self.mask.free(text, Some(self.detail.deal.id)).into_owned()
    }

    fn plain(&self, text: &str) -> String {
        self.free(&Free::new(text))
    }

    fn head(&mut self, record: &Record) -> std::io::Result<()> {
        let deal = &self.detail.deal;
        let title = self.mask.name(&deal.title, Label::Deal(deal.id));
        let name = match show::account(self.detail, self.mask) {
            Some(account) => format!("{account} · {title}"),
            None => title.into_owned(),
        };
        let name = TermSafe::new(&format!("{}  {name}", deal.id));
        self.out.line(Tone::Head.paint(name.as_str()))?;
        self.maybe("amount", deal.amount.map(|money| amount(money, self.mask)))?;
        let phase = deal
            .phase
            .map(|p| format!(" ({})", p.code()))
            .unwrap_or_default();
        self.maybe(
            "stage",
            deal.stage.as_ref().map(|stage| format!("{stage}{phase}")),
        )?;
        self.maybe("owner", deal.owner.clone())?;
        let contact = deal.contact.as_ref().map(|name| {
            let label = Label::Contact {
                id: deal.id.0,
                deal: Some(deal.id),
            };
            self.mask.name(name, label).into_owned()
        });
        self.maybe("contact", contact)?;
        self.maybe("closes", deal.expected_close.map(|day| day.to_string()))?;
        self.maybe("closed", deal.closed.map(|day| day.to_string()))?;
        let step = deal.next_step.as_ref().map(|what| {
            let due = deal
                .next_step_due
                .map(|day| format!(", by {day}"))
                .unwrap_or_default();
            format!("{}{due}", self.free(what))
        });
        self.maybe("next step", step)?;
        self.maybe(
            "description",
            deal.description.as_ref().map(|text| self.free(text)),
        )?;
        let (standing, tone) = standing(record);
        let label = pad_right("verdict", LABEL, "");
        self.out.line(format!("{label}{}", tone.paint(&standing)))
    }

    fn judged(
        &mut self,
        record: &Record,
        bank: &Bank,
        today: chrono::NaiveDate,
    ) -> std::io::Result<()> {
        let Some(eval) = &record.row.eval else {
            return Ok(());
        };
        // Of a deal that was let go, or that waits for them, the decision speaks and asks nothing.
        let is_decided = match record.row.decision {
            Decision::Fired => true,
            Decision::Hold => eval.due.is_none(),
            Decision::Undecided | Decision::Continued => false,
        };
        if is_decided {
            return self.line("hours", &format!("{:.2} spent", eval.hours.spent));
        }
        for (at, reason) in eval.reasons.iter().enumerate() {
            self.line(if at == 0 { "because" } else { "" }, &reason.words(bank))?;
        }
        let musts = [
            ("problem", eval.musts.problem),
            ("signer", eval.musts.signer),
            ("date", eval.musts.date),
        ];
        let needs: Vec<String> = musts
            .into_iter()
            .map(|(name, state)| format!("{name} {}", state.code()))
            .collect();
        self.line("needs", &needs.join(" · "))?;
        let fit = format!(
            "{:.0} to {:.0} · they fit us {:.0} to {:.0} · we fit them {:.0} to {:.0}",
            eval.fit.lo,
            eval.fit.hi,
            eval.they_fit_us.lo,
            eval.they_fit_us.hi,
            eval.we_fit_them.lo,
            eval.we_fit_them.hi
        );
        self.line("fit", &fit)?;
        for (at, signal) in eval.signals.iter().filter(|s| !s.settled).enumerate() {
            let (title, level) = (signal.id.kind().title, signal.level.code());
            let text = format!("{title} ({level}) {}", signal.words(today));
            self.line(if at == 0 { "signals" } else { "" }, text.trim_end())?;
        }
        let ask = crate::domain::defaults::ask(bank, eval).map(str::to_owned);
        self.maybe("ask", ask)?;
        let hours = &eval.hours;
        let assumed = if hours.assumed { ", assumed" } else { "" };
        self.line(
            "hours",
            &format!(
                "{:.2} spent · {:.2} a week{assumed} · {:.2} back if fired, an estimate",
                hours.spent, hours.per_week, hours.at_stake
            ),
        )?;
        let load = self.detail.support.map(|load| {
            let (words, since, hours) = (load.words(), load.since, load.hours());
            format!("{words} since the offer of {since}, {hours:.2} h")
        });
        self.maybe("support", load)
    }

    fn answers(&mut self, bank: &Bank) -> std::io::Result<()> {
        if self.detail.answers.is_empty() {
            return Ok(());
        }
        self.section("Answers")?;
        for answer in &self.detail.answers {
            let short = bank
                .find(&answer.question)
                .map_or("", |ix| bank[ix].short.as_str());
            let text = format!("{short}: {}, {}", answer.value.code(), answer.grade.code());
            let words = answer
                .evidence
                .as_ref()
                .map(|t| format!(" · {}", self.free(t)));
            let day = answer.day;
            self.line(
                &answer.question,
                &format!("{text}, {day}{}", words.unwrap_or_default()),
            )?;
        }
        Ok(())
    }

    fn decided(&mut self) -> std::io::Result<()> {
        let detail = self.detail;
        if !detail.decisions.is_empty() {
            self.section("Decisions")?;
            for decision in &detail.decisions {
                let mut text = format!("{} by {}", decision.kind.code(), decision.who);
                if !decision.reasons.is_empty() {
                    let reasons = self.plain(&decision.reasons.join("; "));
                    text = format!("{text}: {reasons}");
                }
                if let Some(to) = decision.disposition {
                    let whom = decision
                        .whom
                        .as_ref()
                        .map(|w| format!(" {}", self.plain(w)));
                    let until = decision.until.map(|day| format!(" until {day}"));
                    let (whom, until) = (whom.unwrap_or_default(), until.unwrap_or_default());
                    text = format!("{text} · {}{whom}{until}", to.code().replace('_', " "));
                }
                if let Some(minutes) = decision.minutes_reclaimed {
                    let hours = minutes as f64 / 60.0;
                    let _ = write!(text, " · {hours:.2} h back, an estimate");
                }
                if let Some(condition) = &decision.comes_back_if {
                    text = format!("{text} · back if {}", self.free(condition));
                }
                if let Some(terms) = &decision.terms {
                    text = format!("{text} · {}", self.free(terms));
                }
                self.line(&decision.day.to_string(), &text)?;
            }
        }
        for outcome in &detail.outcomes {
            let kind = OutcomeKind::from_code(&outcome.kind);
            let words = outcome.words.as_ref();
            let words = words.map_or_else(String::new, |words| format!(": {}", self.free(words)));
            let text = format!("{}{words}", kind.map_or("", OutcomeKind::words));
            self.line(&outcome.day.to_string(), &text)?;
        }
        for hold in detail.holds.iter().filter(|h| h.ended.is_none()) {
            let text = format!("until {}: {}", hold.until, self.free(&hold.what));
            self.line("on hold", &text)?;
        }
        if let Some(tripwire) = detail.open_tripwire() {
            let text = format!("{} · {}", tripwire.due, self.free(&tripwire.sentence));
            self.line("tripwire", &text)?;
        }
        Ok(())
    }

    fn words(&mut self, bank: &Bank) -> std::io::Result<()> {
        let detail = self.detail;
        if !detail.asks.is_empty() {
            self.section("Asks")?;
            for ask in &detail.asks {
                let due = ask.due.map(|day| day.to_string()).unwrap_or_default();
                let text = format!(
                    "{} · {}",
                    ask.state.code().replace('_', " "),
                    self.mask.asked(&ask.text, Some(bank), Some(detail.deal.id))
                );
                self.line(&due, &text)?;
            }
        }
        if !detail.touches.is_empty() {
            self.section("Touches")?;
            for touch in &detail.touches {
                let side = match touch.direction {
                    crate::domain::deal::Direction::In => "they",
                    crate::domain::deal::Direction::Out => "we",
                };
                let mut text = format!("{side} {}", touch.channel);
                if let Some(minutes) = touch.minutes.filter(|minutes| *minutes > 0) {
                    let _ = write!(text, " {minutes} min");
                }
                if touch.after_hours == AfterHours::Yes {
                    text.push_str(", after hours");
                }
                if let Some(said) = &touch.text {
                    let _ = write!(text, ", {}", self.free(said));
                }
                self.line(&touch.day.to_string(), &text)?;
            }
        }
        if !detail.notes.is_empty() {
            self.section("Notes")?;
            for note in &detail.notes {
                let day = note.at.get(..10).unwrap_or(&note.at).to_owned();
                let text = self.free(&note.text);
                self.line(&day, &text)?;
            }
        }
        Ok(())
    }

    fn journal(&mut self, entries: &[Entry]) -> std::io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        self.section("Journal")?;
        for entry in entries.iter().take(10) {
            let undone = if entry.undone_by.is_some() {
                " (undone)"
            } else {
                ""
            };
            let day = entry.at.get(..10).unwrap_or(&entry.at).to_owned();
            let text = format!(
                "{}  {}{undone}, by {}",
                entry.id,
                self.plain(&entry.what),
                entry.who
            );
            self.line(&day, &text)?;
        }
        Ok(())
    }
}
