//! The journal's words: a frozen vocabulary of entities and fields.
//!
//! An action written years ago must still be undone, so the journal names what it changed in
//! words that never change their meaning and are never used again for something else. This
//! table says in which table and column each word is kept today. A migration that splits or
//! drops a column keeps its word here and says what undo does with it.

/// A kind of thing that the journal can make, change and remove.
#[derive(Debug)]
pub(crate) struct Entity {
    /// The journal's word.
    pub word: &'static str,
    /// The table that keeps it.
    pub table: &'static str,
    /// Each field's word and column.
    pub fields: &'static [(&'static str, &'static str)],
    /// Fields of which the journal keeps nothing: a row that was removed cannot come back.
    pub hidden: &'static [&'static str],
    /// Whether its rows stay in this file when deals go out to a file of our own.
    pub stays: bool,
}

macro_rules! entity {
    ($word:literal in $table:literal: $($field:literal)*) => {
        Entity {
            word: $word,
            table: $table,
            fields: &[$(($field, $field)),*],
            hidden: &[],
            stays: false,
        }
    };
    ($word:literal stays in $table:literal: $($field:literal)* $(but $($hidden:literal)*)?) => {
        Entity {
            word: $word,
            table: $table,
            fields: &[$(($field, $field),)* $($(($hidden, $hidden)),*)?],
            hidden: &[$($($hidden),*)?],
            stays: true,
        }
    };
}

/// Every entity that an action may touch.
pub(crate) const ENTITIES: &[Entity] = &[
    entity!("deal" in "deal": "source" "key" "external_id" "title" "account" "contact" "owner"
        "stage" "phase" "pipeline" "amount" "currency" "probability" "status" "created"
        "expected_close" "closed" "lost_reason" "last_activity" "stage_changed" "updated"
        "next_step" "next_step_due" "lead_source" "product" "description" "margin" "discount"
        "decision" "seen_verdict" "wanted" "batch"),
    entity!("imported_value" in "imported_value": "deal" "field" "value"),
    entity!("move" in "move": "deal" "field" "day" "old" "new" "source" "batch"),
    entity!("account" in "account": "source" "external_id" "name" "batch"),
    entity!("contact" in "contact": "deal" "account" "source" "external_id" "name" "title"
        "role" "level" "met" "email" "batch"),
    entity!("touch" in "touch": "deal" "account" "source" "external_id" "at" "direction"
        "channel" "minutes" "status" "words" "curt" "document" "asks_info" "after_hours"
        "contacts" "people" "text" "typed" "batch"),
    entity!("note" in "note": "deal" "at" "who" "text" "batch"),
    entity!("answer" in "answer": "deal" "bank" "question" "value" "grade" "day" "evidence"
        "who" "at" "current"),
    entity!("ask" in "ask": "deal" "bank" "question" "signal" "text" "contact" "due" "state"
        "put" "reply" "replied" "at" "who"),
    entity!("decision" in "decision": "deal" "kind" "at" "day" "who" "authority" "reasons"
        "verdict" "evidence" "core_unasked" "dead_on_paper" "disposition" "whom" "until"
        "walked_by" "phone" "subject" "mail" "comes_back_if" "minutes_reclaimed" "formula"
        "terms" "why" "hours_per_week" "senior"),
    entity!("tripwire" in "tripwire": "deal" "decision" "sentence" "due" "state" "words"
        "settled" "moved" "at" "who"),
    entity!("hold" in "hold": "deal" "decision" "what" "until" "why" "starts" "ended"
        "ended_by"),
    entity!("commitment" in "commitment": "deal" "side" "what" "due" "state" "settled" "paired"
        "at" "who"),
    entity!("trial_gate" in "trial_gate": "deal" "objectives" "requirements" "process"
        "equipment" "starts" "agreed"),
    entity!("concession" in "concession": "deal" "kind" "what" "amount" "currency" "percent"
        "traded_for" "hard_to_keep" "kept" "at" "who"),
    entity!("access_ask" in "access_ask": "deal" "whom" "day" "answer" "answered" "swap"),
    entity!("sign" in "sign": "deal" "sign" "at" "who" "answer" "before"),
    entity!("sweep" in "sweep": "deal" "word" "at" "who" "current"),
    entity!("fresh_eyes" in "fresh_eyes": "deal" "answer" "at" "who"),
    entity!("handoff" in "handoff": "deal" "giver" "taker" "overseer" "next_check" "day" "at"
        "who"),
    entity!("hours_plan" in "hours_plan": "deal" "week" "minutes" "at" "who"),
    entity!("outcome" in "outcome": "deal" "decision" "kind" "day" "words" "who"),
    entity!("regret" in "regret": "deal" "due" "answer" "day" "words" "who"),
    entity!("person" in "person": "name" "role" "senior" "owner"),
    entity!("saved_view" in "saved_view": "name" "filter" "ordering"),
    entity!("setting" in "meta": "key" "value"),
    entity!("review" in "review": "kind" "started" "ended" "rep" "manager" "minutes" "plan"
        "per_deal" "on_table" "table_since"),
    entity!("agenda_item" in "agenda_item": "review" "deal" "place" "why" "about" "state"
        "seconds"),
    entity!("raised_hand" in "raised_hand": "deal" "note" "at" "who" "taken"),
    entity!("sealed_answer" stays in "sealed_answer": "review" "deal" "person" "bank" "sealed"
        "revealed" "turn" "chosen" "effect" "replaced" "checked"
        but "question" "value" "grade" "evidence"),
    // The same table: what was revealed is no secret, and comes in with a file of our own.
    entity!("revealed_answer" in "sealed_answer": "review" "deal" "person" "bank" "question"
        "value" "grade" "evidence" "sealed" "revealed" "turn" "chosen" "effect" "checked"),
    entity!("seal_exchange" stays in "seal_exchange": "person" "mine" "hash" "at" "opened"
        but "salt"),
    entity!("may_fire" in "may_fire": "deal" "sentence" "who" "day" "at"),
    entity!("charter" in "charter": "text" "ceiling" "currency" "phases" "signed"
        "signed_by" "current" "ceilings" "exceptions"),
    entity!("charter_request" in "charter_request": "deal" "decision" "due" "reply" "reason"
        "replied" "who"),
];

impl Entity {
    /// Finds an entity by the journal's word.
    pub fn by_word(word: &str) -> Option<&'static Self> {
        ENTITIES.iter().find(|e| e.word == word)
    }

    /// The column that keeps a field.
    pub fn column(&self, field: &str) -> Option<&'static str> {
        self.fields
            .iter()
            .find(|(word, _)| *word == field)
            .map(|(_, column)| *column)
    }

    /// Whether rows of it belong to a deal.
    pub fn has_deal(&self) -> bool {
        self.fields.iter().any(|(word, _)| *word == "deal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique() {
        for (i, entity) in ENTITIES.iter().enumerate() {
            assert!(
                ENTITIES[i + 1..].iter().all(|e| e.word != entity.word),
                "{}",
                entity.word
            );
            for (n, (word, _)) in entity.fields.iter().enumerate() {
                assert!(
                    entity.fields[n + 1..].iter().all(|(w, _)| w != word),
                    "{word}"
                );
            }
        }
    }
}
