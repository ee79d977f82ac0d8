//! Tables of answers: a row per deal that is over, a column per question, and how it ended. They
//! are no pipeline, and are told from one by what their cells have in common.

use super::field::Field;
use super::text;

/// Questions that make a table one of answers.
const QUESTIONS: usize = 6;
/// Rows that are needed to tell.
const ROWS: usize = 8;

/// Whether rows are answers: no id, no title, no amount and no day; one column of won and lost; and
/// in most others the same few short words again and again.
pub(crate) fn are_in(headers: &[String], fields: &[Option<Field>], rows: &[Vec<String>]) -> bool {
    let is_of_deals = fields.iter().flatten().any(|field| {
        matches!(
            field,
            Field::ExternalId
                | Field::Url
                | Field::Title
                | Field::Amount
                | Field::CloseDate
                | Field::ExpectedClose
                | Field::Closed
                | Field::Created
                | Field::AccountId
        )
    });
    if is_of_deals || rows.len() < ROWS {
        return false;
    }
    let cells = |at: usize| {
        rows.iter()
            .filter_map(move |row| row.get(at))
            .map(|c| c.trim())
    };
    let is_outcome = |at: &usize| {
        let is_over = |cell: &str| {
            let word = text::key(cell);
            [
                "won", "lost", "win", "loss", "1", "0", "true", "false", "yes", "no",
            ]
            .contains(&word.as_str())
        };
        let is_named = matches!(
            fields[*at],
            Some(Field::Status | Field::IsWon | Field::IsLost | Field::Stage)
        );
        is_named && cells(*at).all(is_over)
    };
    let is_question = |at: &usize| {
        let mut words: Vec<&str> = cells(*at).filter(|cell| !cell.is_empty()).collect();
        let filled = words.len();
        words.sort_unstable();
        words.dedup();
        let is_short = |word: &&str| {
            word.len()
                <= if word.bytes().all(|b| b.is_ascii_digit()) {
                    2
                } else {
                    40
                }
        };
        filled >= ROWS / 2 && words.len() * 2 <= filled && words.iter().all(is_short)
    };
    let columns = 0..headers.len();
    columns.clone().any(|at| is_outcome(&at))
        && columns.filter(is_question).count() >= QUESTIONS.max(headers.len() * 2 / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_again_and_again_are_answers() {
        let headers: Vec<String> = (0..8).map(|n| format!("Q{n}")).collect();
        let mut fields = vec![None; 8];
        fields[7] = Some(Field::Status);
        let row = |n: usize| -> Vec<String> {
            let answer = ["Yes", "No", "Unknown"][n % 3];
            let mut row = vec![answer.to_owned(); 7];
            row.push(["Won", "Lost"][n % 2].to_owned());
            row
        };
        let rows: Vec<_> = (0..12).map(row).collect();

        assert!(are_in(&headers, &fields, &rows));
        assert!(!are_in(&headers, &fields, &rows[..4]));
        fields[0] = Some(Field::Title);
        assert!(!are_in(&headers, &fields, &rows));
    }
}
