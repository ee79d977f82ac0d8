//! Insights: loading them, going from one to the next, and from a bar to its deals.

use super::{Effects, say};
use crate::app::effect::Effect;
use crate::app::insights::{InsightsPage, Reach};
use crate::app::model::{Model, Page};
use crate::domain::deal::ListRow;
use crate::domain::insights::Insight;

/// Opens the page.
pub(super) fn open(model: &mut Model) {
    model
        .pages
        .retain(|page| !matches!(page, Page::Insights(_)));
    model.pages.push(Page::Insights(InsightsPage {
        stale: true,
        ..InsightsPage::default()
    }));
}

/// Asks for what is shown, where it is new or old.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    let (today, me) = (model.today, model.facts.me.clone());
    if let Some(page) = page(model)
        && page.stale
        && !page.loading
    {
        page.stale = false;
        page.loading = true;
        let period = page.reach.period(today, me.as_deref());
        effects.push(Effect::LoadInsights(period));
    }
}

/// Takes the insights.
pub(super) fn take(model: &mut Model, all: Vec<Insight>) {
    if let Some(page) = page(model) {
        let cursor = page.cursor;
        page.take(all);
        page.cursor = cursor.min(page.bars().saturating_sub(1));
    }
}

/// They could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model
        .pages
        .retain(|page| !matches!(page, Page::Insights(_)));
}

/// Goes to another insight.
pub(super) fn go(model: &mut Model, by: isize) {
    if let Some(page) = page(model)
        && page.opened.is_none()
    {
        page.go(by);
    }
}

/// Draws them from another period.
pub(super) fn other_period(model: &mut Model) {
    draw_from(model, Reach::next_period);
}

/// Draws them from one's own deals, or from all again.
pub(super) fn own_or_all(model: &mut Model) {
    if model.facts.me.is_none() {
        say::refused(
            model,
            "Nobody said which owner of the record you are: `:me OWNER`",
        );
        return;
    }
    draw_from(model, |reach| Reach {
        is_own: !reach.is_own,
        ..reach
    });
}

fn draw_from(model: &mut Model, change: impl FnOnce(Reach) -> Reach) {
    if let Some(page) = page(model) {
        page.reach = change(page.reach);
        page.opened = None;
        page.stale = true;
    }
}

/// Opens the deals of the bar, or goes to the deal under the cursor.
pub(super) fn enter(model: &mut Model, effects: &mut Effects) {
    let Some(page) = page(model) else { return };
    if page.opened.is_some() {
        if let Some(deal) = page.deal() {
            model.pages.truncate(1);
            super::week::open_deal(model, deal);
        }
        return;
    }
    match page.open() {
        Some(deals) => effects.push(Effect::LoadBehind(deals)),
        None => say::refused(model, "No deal stands behind this"),
    }
}

/// Takes the deals of the bar that was opened.
pub(super) fn take_deals(model: &mut Model, rows: Vec<ListRow>) {
    if let Some(opened) = page(model).and_then(|page| page.opened.as_mut()) {
        opened.rows = Some(rows);
    }
}

/// Closes the deals of a bar; says whether they were open.
pub(super) fn close(model: &mut Model) -> bool {
    page(model).is_some_and(|page| page.opened.take().is_some())
}

fn page(model: &mut Model) -> Option<&mut InsightsPage> {
    let Some(Page::Insights(page)) = model.pages.last_mut() else {
        return None;
    };
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::Desk;
    use crate::domain::insights::{Bar, InsightId, Period, Plot, Series};

    fn desk() -> Desk {
        let bar = |deals: &[u32]| Bar {
            value: deals.len() as f64,
            deals: deals.to_vec(),
        };
        let mut desk = Desk::new(5);
        desk.model.facts.has_fired = true;
        desk.insights = vec![
            Insight {
                id: InsightId::Promises,
                sentence: "8 promises are needed before this tells anything; 2 so far.".into(),
                plot: None,
            },
            Insight {
                id: InsightId::DaysToNo,
                sentence: "A no took 34 days, a yes 92.".into(),
                plot: Some(Plot {
                    across: "days",
                    up: "deals",
                    places: vec!["0-7".into(), "8-30".into()],
                    series: vec![
                        Series {
                            name: "no",
                            bars: vec![bar(&[]), bar(&[2, 4])],
                        },
                        Series {
                            name: "yes",
                            bars: vec![bar(&[1]), bar(&[3])],
                        },
                    ],
                }),
            },
        ];
        desk.press("g i").answer_all();
        desk
    }

    fn shown(desk: &Desk) -> &InsightsPage {
        let Page::Insights(page) = desk.model.page() else {
            panic!("no insights: {:?}", desk.model.page());
        };
        page
    }

    #[test]
    fn each_bar_opens_to_its_deals_and_each_deal_to_itself() {
        let mut desk = desk();
        desk.press("l j j Enter").answer_all();
        let rows = shown(&desk).opened.as_ref().unwrap().rows.as_ref().unwrap();
        assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [2, 4]);

        desk.press("j Enter").answer_all();

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.current(), 4);
    }

    #[test]
    fn back_closes_the_deals_first_and_then_the_page() {
        let mut desk = desk();
        desk.press("l j Enter").answer_all();
        assert!(shown(&desk).opened.is_some());

        desk.press("Esc");
        assert!(shown(&desk).opened.is_none());
        assert_eq!(shown(&desk).cursor, 1);
        desk.press("Esc");
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn they_are_drawn_from_a_period_and_from_ones_own_deals() {
        let mut desk = desk();
        let asked = |desk: &Desk| {
            let mut all = desk.effects.iter().rev();
            all.find_map(|effect| {
                if let Effect::LoadInsights(period) = effect {
                    Some(period.clone())
                } else {
                    None
                }
            })
            .unwrap()
        };
        assert_eq!(asked(&desk), Period::default());

        let today = desk.model.today;
        for weeks in [12, 26, 52] {
            desk.press("p").answer_all();
            let since = today - chrono::TimeDelta::weeks(weeks);
            assert_eq!(asked(&desk).since, Some(since), "{weeks} weeks");
        }
        desk.press("p").answer_all();
        assert_eq!(asked(&desk), Period::default());

        desk.model.facts.me = None;
        desk.press("o").answer_all();
        assert!(desk.toast().contains(":me"), "{}", desk.toast());
        desk.model.facts.me = Some("Ana Ruiz".into());
        desk.press("l j Enter").answer_all();
        desk.press("o").answer_all();
        assert_eq!(asked(&desk).owner.as_deref(), Some("Ana Ruiz"));
        assert!(shown(&desk).opened.is_none(), "its bar may be another now");
    }

    #[test]
    fn a_period_asked_for_while_another_loads_is_the_one_that_stays() {
        let mut desk = desk();
        desk.press("p p");
        desk.answer_all();
        desk.answer_all();

        let page = shown(&desk);
        assert_eq!(
            (page.reach.weeks, page.loading, page.stale),
            (Some(26), false, false)
        );
        let asked = desk.count(|e| matches!(e, Effect::LoadInsights(_)));
        assert_eq!(asked, 3, "all time, 12 weeks, 26 weeks");
    }

    #[test]
    fn what_has_no_deals_behind_it_says_so() {
        let mut desk = desk();
        desk.press("Enter");
        assert!(desk.toast().contains("No deal"), "{}", desk.toast());
        desk.press("l Enter");
        assert!(shown(&desk).opened.is_none());
    }

    #[test]
    fn the_ends_hold_and_a_reload_keeps_the_place() {
        let mut desk = desk();
        desk.press("h l l l j j j j j");
        assert_eq!((shown(&desk).at, shown(&desk).cursor), (1, 3));

        desk.tell(crate::app::msg::Msg::Reply(
            crate::app::msg::Reply::Overtaken,
        ));
        desk.answer_all();

        assert_eq!((shown(&desk).at, shown(&desk).cursor), (1, 3));
    }
}
