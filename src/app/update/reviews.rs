//! Earlier 1:1s: loading them, their minutes, and what two people sealed the same.

use super::{Effects, say};
use crate::app::effect::Effect;
use crate::app::form::{Form, MinutesOf};
use crate::app::model::{Model, Overlay, Page};
use crate::app::one_on_one::MinutesWish;
use crate::app::reviews::{OpenedMinutes, PairSide, ReviewsPage};
use crate::domain::review::{Minutes, PairReviews};

/// Opens the page on the pair whose 1:1 is on screen, else on the one that met last.
pub(super) fn open(model: &mut Model, side: PairSide) {
    let wanted = model.pages.iter().rev().find_map(|page| {
        if let Page::OneOnOne(page) = page {
            let session = page.session()?;
            Some((session.rep.clone(), session.manager.clone()))
        } else {
            None
        }
    });
    model.pages.retain(|page| !matches!(page, Page::Reviews(_)));
    model.pages.push(Page::Reviews(Box::new(ReviewsPage {
        wanted,
        side,
        stale: true,
        ..ReviewsPage::default()
    })));
}

/// Asks for what is shown, where it is new or old.
pub(super) fn want(model: &mut Model, effects: &mut Effects) {
    if let Some(page) = page(model)
        && page.stale
        && !page.loading
    {
        page.stale = false;
        page.loading = true;
        effects.push(Effect::LoadReviews);
    }
}

/// Takes the pairs.
pub(super) fn take(model: &mut Model, pairs: Vec<PairReviews>) {
    if let Some(page) = page(model) {
        page.take(pairs);
    }
}

/// They could not be loaded.
pub(super) fn give_up(model: &mut Model) {
    model.pages.retain(|page| !matches!(page, Page::Reviews(_)));
}

/// Goes to another pair.
pub(super) fn go(model: &mut Model, by: isize) {
    if let Some(page) = page(model)
        && page.opened.is_none()
    {
        page.go(by);
    }
}

/// Turns from the 1:1s to the comparison, and back.
pub(super) fn turn(model: &mut Model) {
    if let Some(page) = page(model)
        && page.opened.is_none()
    {
        page.side = match page.side {
            PairSide::Held => PairSide::Coaching,
            PairSide::Coaching => PairSide::Held,
        };
        page.top = 0;
    }
}

/// Opens the minutes of the 1:1 under the cursor.
pub(super) fn enter(model: &mut Model, effects: &mut Effects) {
    let Some(page) = page(model) else { return };
    if page.opened.is_some() || page.side == PairSide::Coaching {
        return;
    }
    let Some(review) = page.review().map(|one| one.session.id) else {
        say::refused(model, "No 1:1 is under the cursor");
        return;
    };
    page.top = 0;
    page.opened = Some(OpenedMinutes {
        review,
        minutes: None,
    });
    effects.push(Effect::LoadMinutes(review));
}

/// Takes the minutes that were opened; `None`: the 1:1 was taken back.
pub(super) fn take_minutes(model: &mut Model, minutes: Option<Minutes>) {
    let Some(page) = page(model) else { return };
    let Some(minutes) = minutes else {
        page.opened = None;
        page.stale = true;
        return;
    };
    if let Some(opened) = &mut page.opened
        && opened.review == minutes.session.id
    {
        opened.minutes = Some(Box::new(minutes));
    }
}

/// Closes the minutes; says whether they were open.
pub(super) fn close(model: &mut Model) -> bool {
    let Some(page) = page(model) else {
        return false;
    };
    page.top = 0;
    page.opened.take().is_some()
}

/// The meeting whose minutes are meant: the opened ones, else those under the cursor.
pub(super) fn meant(model: &Model) -> Option<i64> {
    let Page::Reviews(page) = model.page() else {
        return None;
    };
    match (&page.opened, page.side) {
        (Some(opened), _) => Some(opened.review),
        (None, PairSide::Held) => page.review().map(|one| one.session.id),
        (None, PairSide::Coaching) => None,
    }
}

/// Asks what the minutes are written as.
pub(super) fn save(model: &mut Model) {
    if meant(model).is_none() {
        say::refused(model, "No minutes are open here");
        return;
    }
    let form = Form::minutes(model.mask.hides_amounts(), MinutesOf::Earlier);
    model.overlays.push(Overlay::Form(Box::new(form)));
}

/// Writes the minutes as the form says.
pub(super) fn write(model: &mut Model, effects: &mut Effects) {
    let wish = super::one_on_one::wish(model);
    model.overlays.pop();
    effects.extend(wish.map(|wish| Effect::WriteMinutes(Box::new(wish))));
}

/// Brings the minutes under the cursor, as masked as the screen is, to be copied; says whether
/// there are any.
pub(super) fn copy(model: &Model, effects: &mut Effects) -> bool {
    let Some(review) = meant(model) else {
        return false;
    };
    effects.push(Effect::WriteMinutes(Box::new(MinutesWish {
        review,
        path: None,
        html: false,
        mask: model.mask.clone(),
    })));
    true
}

fn page(model: &mut Model) -> Option<&mut ReviewsPage> {
    model.pages.iter_mut().rev().find_map(|page| {
        if let Page::Reviews(page) = page {
            Some(&mut **page)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::Desk;
    use crate::domain::review::{HeldReview, ReviewClock, Session};
    use crate::domain::shown::Level;

    fn session(id: i64, manager: &str) -> Session {
        let started = "2026-11-09T09:00:00Z".parse().unwrap();
        Session {
            id,
            rep: "Ana".to_owned(),
            manager: Some(manager.to_owned()),
            started,
            ended: Some(started + chrono::TimeDelta::minutes(27)),
            table: None,
            clock: ReviewClock {
                started,
                plan: 30,
                each: 5,
            },
        }
    }

    /// A desk where Ana met Dana twice, and Eve before.
    fn desk() -> Desk {
        let mut desk = Desk::new(3);
        desk.model.facts.has_reviews = true;
        let held = |id, manager: &str| HeldReview {
            session: session(id, manager),
            talked: 6,
            decided: [1, 0, 2],
        };
        desk.reviews = PairReviews::group(vec![held(9, "Dana"), held(7, "Dana"), held(3, "Eve")]);
        desk.minutes = [9, 7, 3]
            .map(|id| {
                let session = session(id, if id == 3 { "Eve" } else { "Dana" });
                Minutes {
                    until: session.started,
                    session,
                    deals: Vec::new(),
                    next_time: Vec::new(),
                }
            })
            .into();
        desk
    }

    fn page(desk: &Desk) -> &ReviewsPage {
        let Page::Reviews(page) = desk.model.page() else {
            panic!("the page is not open")
        };
        page
    }

    fn wishes(desk: &Desk) -> Vec<&MinutesWish> {
        let wish = |effect: &'_ Effect| matches!(effect, Effect::WriteMinutes(_));
        let wishes = desk.effects.iter().filter(|effect| wish(effect));
        wishes
            .filter_map(|effect| {
                if let Effect::WriteMinutes(wish) = effect {
                    Some(&**wish)
                } else {
                    None
                }
            })
            .collect()
    }

    #[test]
    fn the_minutes_of_an_earlier_meeting_open_and_close() {
        let mut desk = desk();
        desk.press("g r j Enter");
        let minutes = page(&desk).minutes().expect("they are open");
        assert_eq!(minutes.session.id, 7);
        assert_eq!(desk.model.current_deal(), None, "no key is about a deal");

        desk.press("Esc");
        assert!(page(&desk).opened.is_none());
        assert_eq!(page(&desk).cursor, 1, "the cursor stays");

        desk.press("l Enter");
        assert_eq!(page(&desk).minutes().map(|of| of.session.id), Some(3));
        desk.press("Esc Esc");
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn minutes_are_written_masked_or_not_by_choice() {
        let mut desk = desk();
        desk.press("g r w Enter");
        let wish = wishes(&desk)[0];
        assert_eq!(wish.review, 9);
        assert_eq!(wish.path.as_deref(), Some("minutes-2026-11-23-9.md"));
        assert!(!wish.mask.hides_amounts());
        assert!(desk.acts.is_empty(), "nothing is closed");

        desk.press("Enter w");
        // Masked, where the screen is not: the second choice of the second field.
        desk.press("Shift-Tab Shift-Tab Right Tab Tab Enter");
        let wish = wishes(&desk)[1];
        assert!(wish.mask.hides_names(), "{:?}", desk.model.overlay());
    }

    #[test]
    fn what_is_copied_is_masked_as_the_screen_is() {
        let mut desk = desk();
        desk.model.mask.set(Level::Names, None);
        desk.press("g r Enter c");

        let wish = wishes(&desk)[0];
        assert!(wish.path.is_none() && wish.mask.hides_names());
    }

    #[test]
    fn coaching_is_the_other_side_of_the_page() {
        let mut desk = desk();
        desk.press("g r l Tab");
        assert_eq!(page(&desk).side, PairSide::Coaching);
        assert_eq!(page(&desk).pair().unwrap().names(), "Ana and Eve");

        // Somebody wrote: the pair on screen stays.
        desk.press("Tab");
        desk.tell(crate::app::msg::Msg::Reply(
            crate::app::msg::Reply::Overtaken,
        ));
        assert_eq!(page(&desk).pair().unwrap().names(), "Ana and Eve");

        desk.model.facts.has_reviews = true;
        desk.press("Esc :").type_text("coaching").press("Enter");
        assert_eq!(page(&desk).side, PairSide::Coaching);
    }
}
