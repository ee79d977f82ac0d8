//! The verdict with its reasons, what CONTINUE needs, and the range of the fit.

use super::super::doc::{Content, Line, Role, Row, Span, Width};
use super::super::text::spans_width;
use super::super::words::{must, safe, verdict};
use super::{Set, View, at_most, labelled};
use crate::app::command::Command;
use crate::domain::answer::Grade;
use crate::domain::bank::{Bank, Must};
use crate::domain::deal::AskState;
use crate::domain::eval::DealEval;
use crate::domain::fit::Range;
use crate::domain::verdict::{Reason, Verdict};

/// Reasons that are listed at most.
const MOST_REASONS: usize = 4;

impl View<'_, '_> {
    /// The verdict with its reasons.
    pub(super) fn verdict(
        &self,
        set: Set,
        eval: &DealEval,
        suggested: Verdict,
        lines: &mut Vec<Line>,
    ) {
        let mut reasons = self.reasons(eval, suggested);
        let label = verdict(suggested);
        let hang = 1 + set.label().max(spans_width(&label) + 1);
        match set {
            Set::Airy => {
                let more = reasons.len().saturating_sub(MOST_REASONS);
                reasons.truncate(MOST_REASONS);
                if more > 0
                    && let Some(last) = reasons.last_mut()
                {
                    *last = format!("{last}, and {more} more");
                }
                let mut reasons = reasons.into_iter();
                let first = reasons.next().unwrap_or_default();
                lines.push(labelled(set, label, vec![Span::text(first)]));
                lines.extend(reasons.map(|reason| Line::words(hang, reason, Role::Text)));
            }
            Set::Close => {
                let more = reasons.len().saturating_sub(2);
                reasons.truncate(2);
                let mut text = reasons.join("; ");
                if more > 0 {
                    text = format!("{text}; {more} more");
                }
                lines.push(at_most(3, labelled(set, label, vec![Span::text(text)])));
            }
        }
        if self.is_unasked(eval) && suggested == Verdict::GetToNo {
            let key = self.model.keymap.keys_of(Command::OpenQuestions);
            if let Some(key) = key.first() {
                let key = Span::key(key.label(self.model.spells_keys()));
                let open = eval.core_total - eval.core_asked;
                let asks = format!("\u{a0}{open} questions, a key each");
                lines.push(Line::para(hang, hang, vec![key, Span::text(asks)]));
            }
        }
        let is_calibrated = self.bank().is_some_and(|bank| bank.basis().is_some());
        if eval.is_final && eval.verdict != Some(Verdict::GetToNo) {
            let why = if is_calibrated {
                "final: no open answer is likely to change it"
            } else {
                "final: no open answer changes it"
            };
            lines.push(Line::words(hang, why, Role::Quiet));
        }
    }

    /// Whether no person answered anything yet: what is known is what the record says.
    fn is_unasked(&self, eval: &DealEval) -> bool {
        match self.detail {
            Some(detail) => detail.answers.iter().all(|a| a.grade == Grade::Record),
            None => usize::from(eval.core_asked) <= eval.recorded.len(),
        }
    }

    /// The reasons in words, without those that the line of musts says better.
    fn reasons(&self, eval: &DealEval, suggested: Verdict) -> Vec<String> {
        let Some(bank) = self.bank() else {
            return Vec::new();
        };
        if suggested == Verdict::Continue {
            let earned = self.words.locale.decimal(eval.earned, 1);
            return vec![
                format!("earned {earned}, {:.0} of 100 known", eval.coverage),
                "all three musts, and no red signal".to_owned(),
            ];
        }
        let stands_out = |r: &Reason| matches!(r, Reason::ImportFirst | Reason::BadMoney);
        if suggested == Verdict::GetToNo
            && self.is_unasked(eval)
            && !eval.reasons.iter().any(stands_out)
        {
            let asks = self.detail.map_or(&[][..], |detail| &detail.asks);
            if asks.iter().any(|ask| ask.state == AskState::Open) {
                return vec!["asked, and nothing came back yet".to_owned()];
            }
            let red = |topic| eval.signals.iter().any(|s| s.red_topic() == Some(topic));
            let ask = eval.ask.map(|ix| &bank[ix]).filter(|q| red(q.topic));
            return vec![match ask {
                Some(question) => format!("ask: {}; nothing asked yet", safe(&question.short)),
                None => "nothing has been asked yet".to_owned(),
            }];
        }
        let is_said_below = |reason: &&Reason| match reason {
            Reason::Earn(_) | Reason::Red(_) => true,
            Reason::DeadOnPaper
            | Reason::KnockOut(_)
            | Reason::HardNoes(_)
            | Reason::TripwirePassed
            | Reason::HardQuestionUnanswered
            | Reason::Evidence(_)
            | Reason::ImportFirst
            | Reason::AskNoes(_)
            | Reason::Points(_)
            | Reason::Coverage(_)
            | Reason::BadMoney => false,
        };
        let mut reasons: Vec<String> = eval
            .reasons
            .iter()
            .filter(|reason| !is_said_below(reason))
            .map(|reason| safe(&reason.words(bank)))
            .collect();
        if reasons.is_empty() {
            reasons.extend(
                eval.reasons
                    .iter()
                    .take(1)
                    .map(|reason| safe(&reason.words(bank))),
            );
        }
        reasons
    }

    /// The chance of winning, with the deals that it was learnt from; nothing before a calibration.
    pub(super) fn chance(&self, set: Set, eval: &DealEval, lines: &mut Vec<Line>) {
        let basis = self.bank().and_then(Bank::basis);
        let Some((chance, basis)) = eval.chance.zip(basis) else {
            return;
        };
        let deals = self.words.locale.number(i64::from(basis.deals));
        let text = format!("{chance:.0}\u{a0}%, learnt from {deals} closed deals");
        let label = vec![Span::text("chance")];
        lines.push(labelled(set, label, vec![Span::text(text)]));
    }

    /// What CONTINUE needs, with how far each is.
    pub(super) fn needs(&self, set: Set, eval: &DealEval, lines: &mut Vec<Line>) {
        let Some(bank) = self.bank() else { return };
        let mut spans = Vec::new();
        for (at, which) in Must::ALL.iter().enumerate() {
            if at > 0 {
                spans.push(Span::text(" ".repeat(set.gap())));
            }
            spans.extend(must(eval.musts.get(*which), &bank[bank.must(*which)].short));
        }
        match set {
            Set::Airy => {
                lines.push(Line::Blank);
                lines.push(Row::new(1).fill(Span::text("CONTINUE needs")).into());
                lines.push(Row::new(1 + set.label()).fill_spans(spans).into());
            }
            Set::Close => {
                let row = Row::new(1).fixed(set.label(), "needs").fill_spans(spans);
                lines.push(row.into());
            }
        }
    }
}

/// The range of the fit, and that of each direction.
pub(super) fn fit_lines(set: Set, eval: &DealEval, lines: &mut Vec<Line>) {
    let figures = |range: Range| format!("{:.0} to {:.0}", range.lo, range.hi);
    let bar = |range: Range| Content::Range {
        lo: range.lo,
        hi: range.hi,
    };
    if set == Set::Airy {
        lines.push(Line::Blank);
    }
    let row = Row::new(1)
        .fixed(set.label(), "fit")
        .cell(Width::Fill, bar(eval.fit))
        .right(11, Span::text(figures(eval.fit)));
    lines.push(row.into());
    if set == Set::Airy {
        for (words, range) in [
            ("they fit us", eval.they_fit_us),
            ("we fit them", eval.we_fit_them),
        ] {
            let row = Row::new(1 + set.label())
                .fill(words)
                .right(11, figures(range));
            lines.push(row.into());
        }
    }
}
