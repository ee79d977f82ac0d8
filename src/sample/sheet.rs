//! The sheets that go beside the files: tables parted by tabs, each with a line that names its
//! columns.

use super::acts::ActLine;
use super::truth::{Planted, Truth};

const TRUTHS: &str = "id\tstory\ttitle\taccount\towner\tphase\tminor\tcurrency\texpected_close\t\
    next_step\tlast_inbound\tlast_touch\ttouches\tminutes\tspent\tper_week\tat_stake\tassumed\t\
    verdict\treason\tsignals\twith_people\tafter_acts";

/// Spells hundredths with two decimals.
fn hours(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Spells signals: `dark:red days=34 unanswered=2; overdue:amber days=3`.
fn signals(signals: &[Planted]) -> String {
    let spelled = signals.iter().map(|planted| {
        let figures = planted
            .figures
            .iter()
            .map(|(name, count)| format!(" {name}={count}"));
        format!(
            "{}:{}{}",
            planted.id,
            planted.level,
            figures.collect::<String>()
        )
    });
    spelled.collect::<Vec<_>>().join("; ")
}

pub(super) fn of_truths(truths: &[Truth], acts: &[ActLine]) -> String {
    let mut sheet = format!("{TRUTHS}\n");
    for truth in truths {
        let after = acts.iter().rev().find(|act| act.place == Some(truth.place));
        let after = after.map_or("", |act| act.story);
        let day = |day: Option<chrono::NaiveDate>| day.map_or(String::new(), |d| d.to_string());
        let (minor, currency) = truth
            .amount
            .map_or((String::new(), ""), |(minor, currency)| {
                (minor.to_string(), currency)
            });
        let (verdict, reason) = if truth.is_dead_on_paper {
            ("fire", "dead on paper")
        } else {
            ("get_to_no", "")
        };
        let cells = [
            truth.id.clone(),
            truth.story.to_owned(),
            truth.title.clone(),
            truth.account.clone(),
            truth.owner.to_owned(),
            truth.phase.to_owned(),
            minor,
            currency.to_owned(),
            truth.expected_close.to_string(),
            truth.has_next_step.to_string(),
            day(truth.last_inbound),
            day(truth.last_touch),
            truth.touches.to_string(),
            truth.minutes.to_string(),
            hours(truth.spent),
            hours(truth.per_week),
            hours(truth.at_stake),
            truth.assumed.to_string(),
            verdict.to_owned(),
            reason.to_owned(),
            signals(&truth.signals),
            signals(&truth.with_people),
            after.to_owned(),
        ];
        sheet.push_str(&cells.join("\t"));
        sheet.push('\n');
    }
    sheet
}

pub(super) fn of_acts<'a>(acts: impl Iterator<Item = &'a ActLine>) -> String {
    let mut sheet = "day\tdeal\tstory\tverb\twords\tadds\ttakes\n".to_owned();
    for act in acts {
        let cells = [
            act.day.to_string(),
            act.deal.clone(),
            act.story.to_owned(),
            act.verb.to_owned(),
            act.words.join(" | "),
            signals(&act.adds),
            act.takes.join(" "),
        ];
        sheet.push_str(&cells.join("\t"));
        sheet.push('\n');
    }
    sheet
}
