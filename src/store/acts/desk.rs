//! What belongs to the desk and to no deal: the bank in force, views, whose deals are one's own.

use rusqlite::OptionalExtension;
use serde_json::json;

use super::{Work, Wrote, required};
use crate::domain::bank::Bank;
use crate::domain::locale::DayOrder;
use crate::domain::query::{Filter, Order};
use crate::store::error::{Doing, StoreError};

impl Work<'_, '_> {
    pub(super) fn use_bank(&mut self, bank: &str) -> Wrote {
        let Some(known) = self.store.judge().banks().find(|b| b.id() == bank) else {
            let ids: Vec<_> = self.store.judge().banks().map(Bank::id).collect();
            return Err(StoreError::refused(
                format!("there is no question bank `{bank}`"),
                format!("there are: {}", ids.join(", ")),
            ));
        };
        let what = format!("Questions from now on: {}", known.name());
        let row: i64 = self
            .journal
            .conn()
            .query_row("SELECT id FROM meta WHERE key = 'bank'", [], |r| r.get(0))
            .doing("reading the bank in force")?;
        self.journal
            .update("setting", row, &[("value", json!(bank))])?;
        Ok((what, Vec::new()))
    }

    pub(super) fn save_view(&mut self, name: &str, filter: &str, order: &str) -> Wrote {
        let name = required(name, "the view's name")?;
        if name.len() > 40 || crate::domain::view::View::by_name(&name).is_some() {
            return Err(StoreError::refused(
                format!("`{name}` cannot be the name of a view of yours"),
                "take a name of at most 40 letters that no built-in view has",
            ));
        }
        let bank = self.bank();
        Filter::parse(filter, DayOrder::DayFirst)
            .and_then(|read| read.check(filter, bank))
            .map_err(|e| StoreError::refused(e.what.clone(), e.hint.unwrap_or_default()))?;
        let order = Order::parse(order).ok_or_else(|| {
            StoreError::refused(
                format!("there is no order `{order}`"),
                Order::ALL.map(Order::name).join(", "),
            )
        })?;
        let existing = self.view_row(&name)?;
        let fields = [
            ("name", json!(name)),
            ("filter", json!(filter)),
            ("ordering", json!(order.name())),
        ];
        match existing {
            Some(id) => self.journal.update("saved_view", id, &fields).map(|_| ())?,
            None => self
                .journal
                .insert("saved_view", None, &fields)
                .map(|_| ())?,
        }
        Ok((format!("Saved the view {name}"), Vec::new()))
    }

    fn view_row(&self, name: &str) -> Result<Option<i64>, StoreError> {
        self.journal
            .conn()
            .query_row("SELECT id FROM saved_view WHERE name = ?1", [name], |r| {
                r.get(0)
            })
            .optional()
            .doing("reading the views")
    }

    pub(super) fn delete_view(&mut self, name: &str) -> Wrote {
        let Some(id) = self.view_row(name)? else {
            return Err(StoreError::refused(
                format!("there is no view `{name}` of yours"),
                "`walkaway view list` shows them",
            ));
        };
        self.journal.delete("saved_view", id)?;
        Ok((format!("Removed the view {name}"), Vec::new()))
    }

    pub(super) fn owner_is(&mut self, owner: &str) -> Wrote {
        let owner = required(owner, "the owner's name")?;
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row(
                "SELECT id FROM person WHERE name = ?1",
                [&self.stamp.who],
                |r| r.get(0),
            )
            .optional()
            .doing("reading the people")?;
        match row {
            Some(id) => {
                self.journal
                    .update("person", id, &[("owner", json!(owner))])?;
            }
            None => {
                self.journal.insert(
                    "person",
                    None,
                    &[
                        ("name", json!(self.stamp.who)),
                        ("role", json!("rep")),
                        ("senior", json!(0)),
                        ("owner", json!(owner)),
                    ],
                )?;
            }
        }
        Ok((
            format!("{} is {owner} in the record", self.stamp.who),
            Vec::new(),
        ))
    }
}
