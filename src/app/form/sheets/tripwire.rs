//! The sheets of a tripwire, and its sentence that is made of who, what act, by when, else what.

use chrono::NaiveDate;

use super::super::field::{block, day, text};
use super::super::{FieldKey, Form, FormKind, FormLine, Holds};
use super::Seed;
use crate::domain::deal::Detail;
use crate::domain::defaults::{self, Slots};
use crate::domain::locale::with_days;

/// Stands in the tripwire's sentence for its day.
const DAY: &str = "{}";

/// What the sentence is made of.
const PARTS: [FieldKey; 4] = [FieldKey::Whom, FieldKey::What, FieldKey::By, FieldKey::Else];

impl Form {
    pub(super) fn happened(&mut self, seed: &Seed<'_>) {
        self.promise(seed);
        self.fields.push(
            block(FieldKey::Words, "what happened", "")
                .required()
                .private(),
        );
    }

    pub(super) fn anyway(&mut self, seed: &Seed<'_>) {
        self.promise(seed);
        self.fields
            .push(block(FieldKey::Words, "because", "").required().private());
        let by = seed.day(defaults::TRIPWIRE_DAYS);
        self.fields
            .push(day(FieldKey::By, "new day", &seed.written(by), Holds::DayAhead).required());
    }

    /// The rep's own sentence, and how often its day was moved.
    pub(super) fn promise(&mut self, seed: &Seed<'_>) {
        let Some(tripwire) = seed.detail.and_then(Detail::open_tripwire) else {
            return;
        };
        let said = seed.mask.free(&tripwire.sentence, seed.id());
        let said = with_days(&said, |day| seed.locale.date(day, seed.today));
        self.line("you said", &said);
        if tripwire.moved > 0 {
            let text = format!("{} times already", tripwire.moved);
            self.lines.push(FormLine {
                label: "moved".to_owned(),
                text,
                warn: true,
            });
        }
    }

    pub(super) fn tripwire(&mut self, seed: &Seed<'_>) {
        let open = seed.detail.and_then(Detail::open_tripwire);
        let sentence = open.and_then(|tripwire| seed.free(&tripwire.sentence));
        let written = |day| seed.locale.date(day, seed.today);
        // Where the sentence has its day, it goes with the day.
        self.follows.tripwire = open.zip(sentence.as_deref()).and_then(|(tripwire, said)| {
            let due = tripwire.due.to_string();
            let is_in = said.contains(&due);
            is_in.then(|| with_days(&said.replace(&due, DAY), written).into_owned())
        });
        let sentence = sentence.map(|said| with_days(&said, written).into_owned());
        let slots = match (open, seed.single()) {
            (None, Some((_, eval))) => Some(defaults::tripwire(seed.bank, eval)),
            (_, _) => sentence.as_deref().and_then(Slots::read),
        };
        let by = open.map_or_else(
            || seed.day(defaults::TRIPWIRE_DAYS),
            |tripwire| tripwire.due,
        );
        self.slots(seed, slots, by, sentence);
    }

    /// Adds the parts of a tripwire, and its sentence: the one that it has, else what they make.
    pub(super) fn slots(
        &mut self,
        seed: &Seed<'_>,
        slots: Option<Slots>,
        by: NaiveDate,
        sentence: Option<String>,
    ) {
        self.complete_from(seed);
        self.follows.slots = slots.is_some();
        self.follows.written = Some((*seed.locale, seed.today));
        let sets = self.kind == FormKind::TripwireSet;
        let own = "each deal's weakest must";
        let (they, moved, fire) = match &slots {
            None if !sets => ("", "", ""),
            Some(_) | None => ("they", "moved", "I fire it"),
        };
        let Slots {
            who,
            act,
            otherwise,
        } = slots.unwrap_or_default();
        let by = day(FieldKey::By, "by", &seed.written(by), Holds::DayAhead);
        self.fields.extend([
            text(FieldKey::Whom, "who", &who).hint(they).private(),
            text(FieldKey::What, "has not", &act).hint(moved).private(),
            if sets { by } else { by.required() },
            text(FieldKey::Else, "or else", &otherwise)
                .hint(fire)
                .private(),
            text(
                FieldKey::Tripwire,
                "tripwire",
                &sentence.unwrap_or_default(),
            )
            .hint(if sets { "as it is" } else { own })
            .private(),
        ]);
    }

    /// The parts as they are filled in.
    fn parts(&self) -> Slots {
        let part = |key| self.words_of(key).unwrap_or_default();
        Slots {
            who: part(FieldKey::Whom),
            act: part(FieldKey::What),
            otherwise: part(FieldKey::Else),
        }
    }

    /// The sentence as its parts, or as what a person wrote with its day, make it for a day.
    fn made(&self, day: &str) -> [Option<String>; 2] {
        let slots = self.parts();
        let has_parts = self.follows.slots || !slots.is_empty();
        let template = self.follows.tripwire.as_ref();
        [
            has_parts.then(|| slots.sentence(day)),
            template.map(|template| template.replace(DAY, day)),
        ]
    }

    /// Makes the sentence of its parts, unless a person wrote one; a blank one is made anew. One in
    /// other words goes with its day.
    pub(super) fn follow_tripwire(&mut self) {
        let Some(by) = self.field(FieldKey::By).and_then(|field| field.read) else {
            return;
        };
        let Some((locale, today)) = self.follows.written else {
            return;
        };
        let [composed, dated] = self.made(&locale.date(by, today));
        let Some(made) = composed.or(dated) else {
            return;
        };
        let is_changed = self.kind != FormKind::TripwireSet
            || PARTS
                .iter()
                .any(|key| self.field(*key).is_some_and(|field| !field.is_untouched()));
        let Some(field) = self.fields.iter_mut().find(|f| f.key == FieldKey::Tripwire) else {
            return;
        };
        let is_blank = field.words().is_none();
        if is_blank {
            field.replace("");
            field.filled.clear();
        }
        // A tripwire that is set keeps its sentence to the letter until a part is changed.
        if is_blank || is_changed {
            field.refill(&made);
        }
    }

    /// The tripwire's sentence as it is kept: one that nobody changed has its day in the form in
    /// which days are kept.
    pub(in super::super) fn sentence(&self) -> Option<String> {
        let said = self.words_of(FieldKey::Tripwire)?;
        let (Some(by), Some((locale, today))) = (self.day_of(FieldKey::By), self.follows.written)
        else {
            return Some(said);
        };
        let shown = self.made(&locale.date(by, today));
        let kept = self.made(&by.to_string());
        let mut forms = shown.into_iter().zip(kept);
        let same = forms.find(|(shown, _)| shown.as_ref() == Some(&said));
        Some(same.and_then(|(_, kept)| kept).unwrap_or(said))
    }
}
