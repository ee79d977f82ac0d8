#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test asks for one of many"
)]

use chrono::TimeDelta;

use super::*;
use crate::app::chord::Chord;
use crate::app::desk::{Desk, size, today};
use crate::app::effect::Reach;
use crate::app::form::{FieldKey, FormFocus, FormKind};
use crate::app::list::View;
use crate::app::model::{FoundExport, Overlay, PromptKind};
use crate::app::msg::{Mouse, MouseKind, Reply};
use crate::app::preview::{Part, Preview, Request, RowCounts};
use crate::app::toast::Tone;
use crate::app::walk::WalkNote;
use crate::domain::act::Act;
use crate::domain::answer::{AnswerKey, Grade, Value};
use crate::domain::deal::{Decision, Disposition, Status};
use crate::domain::eval::Due;
use crate::domain::fit::Range;
use crate::domain::shown::Level;

fn is_index(effect: &Effect) -> bool {
    matches!(effect, Effect::BuildIndex { .. })
}

fn is_window(effect: &Effect) -> bool {
    matches!(effect, Effect::FetchWindow { .. })
}

mod opening {
    use super::*;

    #[test]
    fn before_the_views_are_counted_all_of_them_can_be_chosen() {
        let offered = |desk: &Desk| match desk.model.overlays.last() {
            Some(Overlay::Menu(menu)) => menu.rows.iter().map(|row| row.title.clone()).collect(),
            other => panic!("{other:?}"),
        };
        let mut desk = Desk::new(3);
        desk.press("v");
        let counted: Vec<String> = offered(&desk);
        assert_eq!(counted.len(), 3);
        desk.press("Esc");

        desk.model.facts.views.clear();
        desk.press("v");

        let all: Vec<String> = offered(&desk);
        assert_eq!(all, View::BUILT_IN.map(|view| view.title()));
    }

    #[test]
    fn a_pipeline_with_deals_opens_on_the_sitting() {
        let desk = Desk::new(3);

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.model.list.ids, [1, 2, 3]);
        assert!(desk.model.list.row(0).is_some());
        assert!(desk.model.current_detail().is_some());
    }

    #[test]
    fn an_empty_pipeline_opens_on_the_welcome_and_looks_for_an_export() {
        let desk = Desk::new(0);

        assert!(matches!(desk.model.page(), Page::Welcome(_)));
        assert_eq!(desk.count(|e| matches!(e, Effect::FindNewestExport)), 1);
        assert_eq!(desk.count(is_index), 0);
    }

    #[test]
    fn the_place_survives_a_restart() {
        let mut desk = Desk::new(40);
        desk.press("v G Enter G k k Tab z q");
        let place = desk.effects.iter().find_map(|e| match e {
            Effect::SavePlace(place) => Some(place.clone()),
            _ => None,
        });

        let mut again = Desk::closed(40);
        again.open_pipeline(place);

        assert_eq!(again.model.list.query.view, View::All);
        assert_eq!(again.current(), 38);
        assert_eq!(again.model.list.top, desk.model.list.top);
        assert_eq!((again.model.pane, again.model.zoom), (Pane::Detail, true));
    }

    #[test]
    fn the_first_deal_ends_the_welcome() {
        let mut desk = Desk::new(0);
        desk.press("a")
            .type_text("Northwind")
            .press("Shift-Tab Enter");

        assert!(matches!(desk.act(), Act::Add { fields } if fields.len() == 1));
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.current(), 1);
    }

    #[test]
    fn leaving_keeps_the_place_and_comes_last() {
        let mut desk = Desk::new(3);
        desk.press("j Ctrl-c");

        let last = &desk.effects[desk.effects.len() - 2..];
        assert!(matches!(last, [Effect::SavePlace(p), Effect::Quit] if p.deal == Some(2)));
        desk.press("j");
        assert_eq!(desk.current(), 2, "after leaving, keys do nothing");
    }
}

mod the_list {
    use super::*;

    #[test]
    fn keys_move_the_cursor_and_load_its_deal() {
        let mut desk = Desk::new(9);
        desk.press("j j k G g g ]");

        assert_eq!(desk.current(), 2);
        assert_eq!(desk.model.current_detail().map(|d| d.deal.id.0), Some(2));
    }

    #[test]
    fn a_held_key_costs_one_request_at_a_time() {
        let mut desk = Desk::new(2000);
        desk.press("v G Enter");
        desk.effects.clear();
        desk.answers = false;
        for _ in 0..400 {
            desk.key(Chord::char('j'), false);
        }

        assert_eq!(desk.count(is_window), 1);
        assert_eq!(desk.count(|e| matches!(e, Effect::LoadDetail(_))), 1);
        desk.answer_all();
        assert_eq!(desk.current(), 401);
        assert!(desk.model.list.row(400).is_some());
        assert_eq!(desk.model.current_detail().map(|d| d.deal.id.0), Some(401));
    }

    #[test]
    fn moving_within_the_window_asks_for_nothing() {
        let mut desk = Desk::new(2000);
        desk.press("v G Enter");
        let before = desk.count(is_window);
        desk.press("j j j j PgDn PgUp");

        assert_eq!(desk.count(is_window), before);
    }

    #[test]
    fn a_frame_waits_for_the_deal_under_the_cursor_and_not_for_an_order() {
        let mut desk = Desk::new(5);
        desk.answers = false;
        desk.press("R");
        assert!(desk.model.list.building.is_some());
        assert!(!desk.model.expects());

        desk.press("j");
        assert!(desk.model.expects());
    }

    #[test]
    fn near_are_the_deals_that_one_key_goes_to() {
        let mut desk = Desk::new(2000);
        desk.press("v G Enter j");

        let near: Vec<i64> = moves::near(&desk.model).iter().map(|deal| deal.0).collect();
        assert_eq!((near[0], near[1], near[3]), (3, 1, 2000), "{near:?}");
        desk.press("PgDn");
        assert_eq!(desk.current(), near[2]);
        desk.press("Enter");
        assert!(moves::near(&desk.model).is_empty());
    }

    #[test]
    fn all_that_is_asked_for_at_the_ends_of_a_long_list_is_among_their_rows() {
        let mut desk = Desk::new(2000);
        desk.press("v G Enter PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn");
        let ends = moves::ends(&desk.model);
        let is_known = |id: &u32| ends.contains(&DealId::from(*id));
        for key in ["End", "Home"] {
            desk.press(key);
            let list = &desk.model.list;
            assert!(list.ids[list.loaded.clone()].iter().all(is_known), "{key}");
        }

        desk.press("Enter");
        assert!(moves::ends(&desk.model).is_empty());
        assert!(moves::ends(&Desk::new(300).model).is_empty());
    }

    #[test]
    fn replies_to_older_requests_change_nothing() {
        let mut desk = Desk::new(5);
        desk.answers = false;
        desk.press("o j Enter");
        let old = desk.model.list.generation - 1;
        let index = |generation| Reply::Index {
            generation,
            ids: vec![5, 4],
            groups: Vec::new(),
            partial: false,
        };
        desk.reply(index(old));
        assert_eq!(desk.model.list.ids, [1, 2, 3, 4, 5]);

        desk.reply(Reply::Window {
            request: 0,
            rows: Vec::new(),
        });
        assert!(desk.model.list.row(0).is_some());
        desk.reply(index(old + 1));
        assert_eq!(desk.model.list.ids, [5, 4]);
    }

    #[test]
    fn find_searches_as_it_is_typed_and_escape_puts_the_list_back() {
        let mut desk = Desk::new(30);
        desk.press("j j j");
        let before = desk.count(is_index);
        desk.press("/").type_text("deal 2");

        assert_eq!(desk.count(is_index), before + 6);
        assert_eq!(desk.model.list.ids[..3], [2, 20, 21]);
        desk.press("Esc");
        assert_eq!(desk.model.list.ids.len(), 30);
        assert_eq!(desk.current(), 4);
        assert!(desk.model.list.query.filter.is_none());
    }

    #[test]
    fn the_first_hits_of_a_search_are_not_taken_for_all_of_them() {
        let mut desk = Desk::new(300);
        desk.answers = false;
        for fake in desk.deals.values_mut().skip(200) {
            fake.due = Some(Due::Tripwire);
        }
        desk.press("/").type_text("deal");
        desk.answer_all();

        let list = &desk.model.list;
        assert_eq!(list.ids[..2], [201, 202]);
        assert!(list.row(0).is_some() && list.row(299).is_some());
    }

    #[test]
    fn a_search_that_goes_on_asks_for_no_row_twice_unless_somebody_wrote() {
        let mut desk = Desk::new(300);
        desk.press("/").type_text("deal 2");
        let before = desk.count(is_window);
        desk.type_text("1");

        assert_eq!(desk.model.list.ids.len(), 11, "21 and 210 to 219");
        assert!((0..11).all(|place| desk.model.list.row(place).is_some()));
        assert_eq!(desk.model.list.rows.len(), desk.model.list.ids.len());
        assert_eq!(desk.count(is_window), before);

        desk.reply(Reply::Overtaken);
        desk.type_text("1");
        assert!(desk.count(is_window) > before);
    }

    #[test]
    fn a_filter_that_cannot_be_read_says_where_and_leaves_the_list() {
        let mut desk = Desk::new(5);
        desk.press("/").type_text("nofield:1");
        let Some(Overlay::Prompt(prompt)) = desk.model.overlay() else {
            panic!("no prompt")
        };
        assert!(
            prompt
                .error
                .as_ref()
                .is_some_and(|e| e.contains("column 1")),
            "{prompt:?}"
        );
        desk.press("Enter");

        assert!(matches!(desk.model.overlay(), Some(Overlay::Prompt(_))));
    }

    #[test]
    fn another_cockpit_changes_the_list_under_the_same_cursor() {
        let mut desk = Desk::new(5);
        desk.press("j j");
        desk.deals.get_mut(&1).unwrap().decision = Decision::Fired;
        desk.deals.insert(9, desk.deals[&2].clone());
        desk.tell(Msg::Reply(Reply::Overtaken));

        assert_eq!(desk.current(), 3);
        assert_eq!(
            desk.model.list.ids,
            [2, 3, 4, 5],
            "a sitting is not filled up"
        );
        desk.press("R");
        assert_eq!(desk.model.list.ids, [2, 3, 4, 5, 9]);
        assert_eq!(desk.current(), 3);
    }

    #[test]
    fn what_falls_due_comes_into_the_sitting_and_is_marked() {
        let mut desk = Desk::new(5);
        desk.press("j");
        let mut due = desk.deals[&1].clone();
        due.due = Some(Due::Tripwire);
        desk.deals.insert(7, due);
        desk.tell(Msg::Reply(Reply::Overtaken));

        assert_eq!(desk.model.list.ids, [7, 1, 2, 3, 4, 5]);
        assert_eq!(desk.current(), 2);
        assert!(desk.model.list.moved.contains(&7));
        assert_eq!(
            desk.model.list.groups[0].heading,
            crate::app::list::Heading::Due
        );
    }

    #[test]
    fn answers_move_no_deal_under_the_cursor() {
        let mut desk = Desk::new(5);
        desk.press("j j Tab Tab j n");
        let question = &desk.deals[&3].answers[0].0;
        assert_eq!(question, "PWR1", "the signer");

        desk.press("Esc");
        assert_eq!(desk.model.list.ids, [1, 2, 3, 4, 5]);
        assert!(
            desk.model.list.moved.contains(&3),
            "it would stand under FIRE"
        );
        desk.press("R");
        assert_eq!(desk.model.list.ids, [3, 1, 2, 4, 5]);
        assert_eq!(desk.current(), 3);
        assert!(desk.model.list.moved.is_empty());
    }

    #[test]
    fn a_click_goes_to_a_row_and_the_wheel_moves_on() {
        let mut desk = Desk::new(20);
        let mouse = |kind, column, line| Msg::Mouse(Mouse { kind, column, line });
        // The first line of the pane is its heading.
        desk.tell(mouse(MouseKind::Click, 5, 3 + 4));
        assert_eq!(desk.current(), 4);
        desk.tell(mouse(MouseKind::WheelDown, 5, 5));
        assert_eq!(desk.current(), 7);
        desk.tell(mouse(MouseKind::Click, 110, 5));
        assert_eq!(desk.model.pane, Pane::Checklist);
        assert_eq!(desk.current(), 7);
    }

    #[test]
    fn panes_are_reached_by_tab_and_by_the_arrows() {
        let mut desk = Desk::new(2);
        desk.press("Tab");
        assert_eq!(desk.model.pane, Pane::Detail);
        desk.press("l l");
        assert_eq!(desk.model.pane, Pane::Checklist);
        desk.press("Tab");
        assert_eq!(desk.model.pane, Pane::List);

        desk.tell(Msg::Resize(size(80, 24)));
        desk.press("Tab");
        assert_eq!(
            (desk.model.pane, desk.model.side),
            (Pane::Checklist, Pane::Checklist)
        );
        desk.press("Tab");
        assert_eq!(
            (desk.model.pane, desk.model.side),
            (Pane::List, Pane::Detail)
        );
    }
}

mod deciding {
    use super::*;

    #[test]
    fn two_keys_fire_and_the_cursor_goes_on() {
        let mut desk = Desk::new(3);
        desk.press("j F Enter");

        assert!(matches!(desk.act(), Act::Fire { deals, .. } if *deals == [DealId(2)]));
        assert_eq!(desk.model.list.ids, [1, 3]);
        assert_eq!(desk.current(), 3);
        let toast = "Fired Account 2 · 14 h back, an estimate · u undoes · :export tells the CRM";
        assert_eq!(desk.toast(), toast);
        desk.press("u");
        assert_eq!(desk.model.list.ids, [1, 2, 3], "it comes back to its place");
        assert_eq!(desk.current(), 3, "and the cursor stays");
    }

    #[test]
    fn marked_deals_share_one_sheet_and_one_action() {
        let mut desk = Desk::new(5);
        desk.press("Space Space Space F");
        assert_eq!(desk.form().deals.len(), 3);
        desk.press("Enter");

        assert_eq!(desk.acts.len(), 1);
        assert!(
            matches!(desk.act(), Act::Fire { deals, sheet } if deals.len() == 3
            && sheet.reasons.is_none())
        );
        assert!(desk.model.list.marks.is_empty());
        assert_eq!(desk.current(), 4);
        assert!(desk.toast().starts_with("Fired 3 deals"));
    }

    #[test]
    fn hurried_keys_decide_nothing_and_say_so() {
        let mut desk = Desk::new(3);
        desk.key(Chord::char('F'), true);
        assert!(desk.model.overlay().is_none());
        assert_eq!(
            desk.toast(),
            "F came too fast for a hand, and decided nothing"
        );

        desk.press("F");
        desk.key("Enter".parse().unwrap(), true);
        assert!(desk.acts.is_empty());
        assert!(desk.model.overlay().is_some());
    }

    #[test]
    fn a_sheet_confirms_only_once_it_was_drawn() {
        let mut desk = Desk::new(3);
        for text in ["F", "Enter"] {
            desk.tell(Msg::Key {
                chord: text.parse().unwrap(),
                hurried: false,
            });
            if let Some(Overlay::Form(form)) = desk.model.overlays.last_mut() {
                form.drawn = false;
            }
        }
        desk.tell(Msg::Key {
            chord: "Enter".parse().unwrap(),
            hurried: false,
        });

        assert!(desk.acts.is_empty());
        assert_eq!(desk.toast(), "Confirm: the sheet was not on screen yet");
    }

    #[test]
    fn a_sheet_waits_for_its_deal() {
        let mut desk = Desk::new(30);
        desk.answers = false;
        desk.press("G F Enter");
        assert!(desk.form().waiting && desk.form().fields.is_empty());
        assert!(desk.acts.is_empty());

        desk.answer_all();
        assert!(!desk.form().waiting && !desk.form().fields.is_empty());
        desk.answers = true;
        desk.press("Enter");
        assert!(matches!(desk.act(), Act::Fire { deals, .. } if *deals == [DealId(30)]));
    }

    #[test]
    fn text_survives_a_failed_write() {
        let mut desk = Desk::new(2);
        desk.press("H Tab").type_text("!").press("Shift-Tab");
        desk.fails = Some("It cannot be held".to_owned());
        desk.press("Enter");
        let failed = desk.form().failed.clone().unwrap_or_default();
        assert_eq!(failed, "It cannot be held: it is so; do something else");
        assert!(
            desk.form()
                .field(FieldKey::What)
                .unwrap()
                .text()
                .ends_with('!')
        );

        desk.press("Enter");
        assert!(matches!(desk.act(), Act::Hold { .. }));
        assert!(desk.model.overlay().is_none());
    }

    #[test]
    fn who_writes_all_the_time_does_not_keep_the_list_from_coming() {
        let mut desk = Desk::new(3);
        desk.answers = false;
        let indexes =
            |desk: &Desk| desk.count(|effect| matches!(effect, Effect::BuildIndex { .. }));
        let before = indexes(&desk);
        for _ in 0..3 {
            desk.reply(Reply::Overtaken);
        }
        assert_eq!(indexes(&desk), before + 1, "the one on its way comes first");
        assert!(!desk.model.list.is_sorting(), "what is shown is whole");

        desk.answer_all();
        assert_eq!(
            indexes(&desk),
            before + 2,
            "and then that of what was written since"
        );
        desk.answer_all();
        assert_eq!(indexes(&desk), before + 2);
        assert!(desk.model.list.building.is_none() && desk.model.list.wanted.is_none());
    }

    #[test]
    fn a_failed_write_is_not_said_to_be_on_its_way() {
        let mut desk = Desk::new(2);
        desk.answers = false;
        desk.press("F");
        desk.answer_all();
        desk.press("Enter Enter");
        assert!(
            desk.toast().contains("it is on its way"),
            "{}",
            desk.toast()
        );
        desk.fails = Some("It cannot be fired".to_owned());
        desk.answer_all();
        assert!(desk.form().failed.is_some());
        assert_eq!(desk.toast(), "");
    }

    #[test]
    fn in_a_field_every_character_is_text() {
        let mut desk = Desk::new(2);
        desk.press("H Tab Tab Tab").type_text("FHC quiet? :q");

        assert_eq!(
            desk.form().field(FieldKey::Why).unwrap().text(),
            "FHC quiet? :q"
        );
        assert_eq!(desk.model.overlays.len(), 1);
    }

    #[test]
    fn closed_and_fired_deals_say_why_they_are_not_decided() {
        let mut desk = Desk::new(2);
        desk.deals.get_mut(&1).unwrap().status = Status::Won;
        desk.deals.get_mut(&2).unwrap().decision = Decision::Fired;
        desk.press("v G Enter F");
        assert_eq!(
            desk.toast(),
            "Fire: it is fired already: `:reinstate` takes it back, on terms"
        );
        desk.press("G C");
        assert_eq!(
            desk.toast(),
            "Continue: the deal is won: only open deals are decided"
        );
        assert_eq!(
            desk.model.toast.as_ref().map(|t| t.tone),
            Some(Tone::Refused)
        );
    }

    #[test]
    fn a_due_tripwire_has_three_keys() {
        let due = || {
            let mut desk = Desk::closed(2);
            desk.deals.get_mut(&2).unwrap().due = Some(Due::Tripwire);
            desk.deals.get_mut(&2).unwrap().decision = Decision::Continued;
            desk.open_pipeline(None);
            assert_eq!(desk.current(), 2);
            desk
        };
        let mut desk = due();
        desk.press("3")
            .type_text("the sample came")
            .press("Tab Enter");
        assert!(
            matches!(desk.act(), Act::TripwireHappened { words, .. } if words == "the sample came")
        );
        assert_eq!(
            desk.form().kind,
            FormKind::Continue,
            "the next sheet opens by itself"
        );
        assert!(!desk.form().waiting);
        desk.press("Enter");
        assert!(matches!(desk.act(), Act::Continue { .. }));

        let mut desk = due();
        desk.press("F Enter");
        assert!(matches!(desk.act(), Act::Fire { .. }));

        let mut desk = due();
        desk.press("C Shift-Tab Enter");
        assert!(
            desk.form().field(FieldKey::Words).unwrap().error.is_some(),
            "a reason is asked"
        );
        desk.type_text("they moved").press("Tab Tab Enter");
        assert!(matches!(desk.act(), Act::TripwireAnyway { words, .. } if words == "they moved"));
    }

    #[test]
    fn a_fired_deal_on_top_is_taken_back_put_off_or_let_go() {
        let on_top = || {
            let mut desk = Desk::closed(2);
            desk.deals.get_mut(&1).unwrap().due = Some(Due::CameBack);
            desk.deals.get_mut(&1).unwrap().decision = Decision::Fired;
            desk.open_pipeline(None);
            desk
        };
        let mut desk = on_top();
        desk.press("1").type_text("full price").press("Tab Enter");
        assert!(matches!(desk.act(), Act::Reinstate { terms, .. } if terms == "full price"));
        let mut desk = on_top();
        desk.press("2");
        let four_weeks = "2026-12-21".parse().unwrap();
        assert!(matches!(desk.act(), Act::NurtureLater { until, .. } if *until == four_weeks));
        let mut desk = on_top();
        desk.press("3");
        assert!(matches!(desk.act(), Act::LetGo { .. }));
        assert_eq!(desk.current(), 2);
    }

    #[test]
    fn nurture_asks_for_its_date_only_then() {
        let mut desk = Desk::new(1);
        desk.press("F");
        assert!(desk.form().field(FieldKey::Until).unwrap().hidden);
        while !matches!(desk.form().focus, FormFocus::Field(at)
            if desk.form().fields[at].key == FieldKey::To)
        {
            desk.press("Tab");
        }
        desk.press("Right Right");
        assert!(!desk.form().field(FieldKey::Until).unwrap().hidden);
        while !matches!(desk.form().focus, FormFocus::Action(_)) {
            desk.press("Tab");
        }
        desk.press("Enter");

        let Act::Fire { sheet, .. } = desk.act() else {
            panic!("not fired")
        };
        assert_eq!(sheet.to, Disposition::Nurture);
        assert_eq!(sheet.until, Some("2027-02-21".parse().unwrap()));
        assert!(
            sheet
                .phone
                .as_ref()
                .is_some_and(|p| p.contains("ask you once more"))
        );
    }

    #[test]
    fn a_sentence_that_nobody_changed_is_kept_with_its_day_as_days_are_kept() {
        let kept = |desk: &Desk| {
            let Act::Continue { sheet, .. } = desk.act() else {
                panic!("nothing was continued")
            };
            sheet.tripwire.clone()
        };
        let mut desk = Desk::new(2);
        desk.press("C Enter");
        assert_eq!(
            kept(&desk).as_deref(),
            Some("I fire it if the signer has not met us by 2026-12-07.")
        );

        desk.press("C Tab Tab Tab Tab Tab Tab Tab")
            .type_text(" Or")
            .press("Tab Tab Tab Enter");
        let own = kept(&desk).unwrap();
        assert!(own.ends_with("by 7 Dec. Or"), "{own}");
    }

    #[test]
    fn the_tripwire_names_the_day_that_is_typed() {
        let mut desk = Desk::new(1);
        desk.press("C");
        let sentence = |desk: &Desk| desk.form().field(FieldKey::Tripwire).unwrap().text();
        assert_eq!(
            sentence(&desk),
            "I fire it if the signer has not met us by 7 Dec."
        );
        desk.press("Tab Tab Tab Tab Tab Ctrl-u")
            .type_text("+3w")
            .press("Tab");

        assert_eq!(
            sentence(&desk),
            "I fire it if the signer has not met us by 14 Dec."
        );
        assert_eq!(
            desk.form().field(FieldKey::By).unwrap().read,
            "2026-12-14".parse().ok()
        );
        desk.press("Shift-Tab Ctrl-u")
            .type_text("yesterday")
            .press("Tab");
        let error = desk.form().field(FieldKey::By).unwrap().error.clone();
        assert!(error.is_some_and(|e| e.contains("after today")));
    }

    #[test]
    fn a_sheet_for_a_deal_that_left_the_list_is_filled_in_all_the_same() {
        let mut desk = Desk::new(3);
        assert_eq!(desk.current(), 1);

        decide::sheet_after(&mut desk.model, FormKind::Continue, &[DealId(2)]);
        desk.tell(Msg::Wake);

        assert!(!desk.form().waiting);
        assert!(desk.form().field(FieldKey::Tripwire).is_some());
        desk.press("Esc");
        let loaded = desk.model.detail.loaded.as_ref().unwrap();
        assert_eq!(
            loaded.deal.id,
            DealId(1),
            "and the pane shows its own again"
        );
    }

    #[test]
    fn a_tripwire_is_made_of_who_what_by_when_else_what() {
        let mut desk = Desk::new(1);
        desk.press("C Tab Tab Tab Ctrl-u").type_text("Tom Reed");
        desk.press("Tab Ctrl-u").type_text("shown us the budget");
        desk.press("Tab Tab Ctrl-u").type_text("it goes to Dana");
        desk.press("Tab");
        let sentence = |desk: &Desk| desk.form().field(FieldKey::Tripwire).unwrap().text();
        assert_eq!(
            sentence(&desk),
            "it goes to Dana if Tom Reed has not shown us the budget by 7 Dec."
        );

        // Typed freely it stays, whatever the parts say; emptied it is made of them again.
        desk.press("Ctrl-u").type_text("I stop on Friday.");
        desk.press("Shift-Tab Ctrl-u")
            .type_text("I fire it")
            .press("Tab");
        assert_eq!(sentence(&desk), "I stop on Friday.");
        desk.press("Ctrl-u Tab");
        let made = "I fire it if Tom Reed has not shown us the budget by 7 Dec.";
        assert_eq!(sentence(&desk), made);

        desk.press("Tab Tab Enter");
        let Act::Continue { sheet, .. } = desk.act() else {
            panic!("not continued")
        };
        let kept = made.replace("7 Dec", "2026-12-07");
        assert_eq!(sheet.tripwire.as_deref(), Some(kept.as_str()));
    }

    #[test]
    fn marked_deals_keep_each_their_own_tripwire_until_a_part_is_given() {
        let mut desk = Desk::new(3);
        desk.press("Space Space C");
        let sentence = |desk: &Desk| desk.form().field(FieldKey::Tripwire).unwrap().text();
        desk.press("Tab Tab Tab Tab");
        assert_eq!(sentence(&desk), "");

        desk.type_text("sent the data").press("Tab");
        assert_eq!(
            sentence(&desk),
            "I fire it if they have not sent the data by 7 Dec."
        );
    }

    #[test]
    fn a_decision_from_the_questions_goes_back_to_the_next_deal() {
        let mut desk = Desk::new(3);
        desk.press("Enter F Enter");

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.current(), 2);
    }
}

mod questions {
    use super::*;

    fn walk(desk: &Desk) -> &crate::app::walk::Walk {
        match desk.model.page() {
            Page::Walk(walk) => walk,
            other => panic!("not on the questions but on {other:?}"),
        }
    }

    fn asked(desk: &Desk) -> String {
        let ix = walk(desk).question.expect("a question is on screen");
        desk.model.bank.as_deref().unwrap()[ix].id.clone()
    }

    fn fit(desk: &Desk) -> Range {
        desk.model.eval(walk(desk).deal).unwrap().fit
    }

    #[test]
    fn one_key_answers_and_goes_on() {
        let mut desk = Desk::new(2);
        desk.press("Enter");
        assert_eq!(asked(&desk), "PRB1");
        desk.press("2");

        assert_eq!(asked(&desk), "PWR1");
        assert_eq!(
            desk.deals[&1].answers,
            [("PRB1".to_owned(), Value::Yes, Grade::Said)]
        );
    }

    #[test]
    fn the_range_moves_before_the_worker_answers() {
        let mut desk = Desk::new(1);
        desk.press("Enter");
        let before = fit(&desk);
        desk.answers = false;
        desk.press("2 p");
        let moved = fit(&desk);
        assert!(
            moved.lo > before.lo && moved.hi < before.hi,
            "{before:?} {moved:?}"
        );
        let written = desk.count(|e| matches!(e, Effect::Act(_)));
        assert_eq!(written, 1, "writes are handed out one at a time");

        desk.answer_all();
        assert_eq!(desk.acts.len(), 2);
        assert_eq!(fit(&desk), moved, "and the store comes to the same");
    }

    #[test]
    fn a_no_that_is_enough_says_so_and_can_be_taken_back() {
        let mut desk = Desk::new(1);
        desk.press("Enter 2 n");
        let signer = desk.model.bank.as_deref().unwrap().find("PWR1").unwrap();
        assert_eq!(walk(&desk).note, Some(WalkNote::EnoughToFire(signer)));

        desk.press("Left");
        assert_eq!(asked(&desk), "PWR1");
        assert_eq!(walk(&desk).note, None);
        assert_eq!(desk.deals[&1].answers.len(), 1);
        desk.press("n Right");
        assert_ne!(asked(&desk), "PWR1");
        assert!(!matches!(walk(&desk).note, Some(WalkNote::EnoughToFire(_))));
    }

    #[test]
    fn what_is_final_is_said_once_and_the_rest_is_asked_by_who_wants_it() {
        let mut desk = Desk::new(1);
        desk.press("Enter 2 n Right");
        assert_eq!(walk(&desk).note, Some(WalkNote::Final));
        let written = desk.acts.len();
        desk.press("3");
        assert_eq!(desk.acts.len(), written, "an answer to what nobody sees");

        desk.press("Right");
        assert_eq!(walk(&desk).note, None);
        let first = asked(&desk);
        desk.press("3");
        assert_eq!(desk.acts.len(), written + 1);
        assert_eq!(walk(&desk).note, None);
        assert_ne!(asked(&desk), first);
    }

    #[test]
    fn a_hunch_is_never_enough() {
        let mut desk = Desk::new(1);
        desk.press("Enter 2 N");

        assert_eq!(walk(&desk).note, None);
    }

    #[test]
    fn questions_are_skipped_and_gone_back_to() {
        let mut desk = Desk::new(1);
        desk.press("Enter Right Right");
        assert_eq!(asked(&desk), "PRO1");
        desk.press("Backspace Left");
        assert_eq!(asked(&desk), "PRB1");
        desk.press("Left");
        assert_eq!(asked(&desk), "PRB1", "there is nothing before the first");
        assert!(desk.acts.is_empty());
    }

    #[test]
    fn enter_does_nothing_in_the_questions() {
        let mut desk = Desk::new(1);
        desk.press("Enter Enter Enter Enter");

        assert_eq!(asked(&desk), "PRB1");
        assert!(desk.acts.is_empty());
    }

    #[test]
    fn when_all_are_asked_it_says_so() {
        let mut desk = Desk::new(1);
        desk.press("Enter");
        for _ in 0..20 {
            desk.press("Right");
        }

        assert_eq!(walk(&desk).question, None);
        assert_eq!(walk(&desk).note, Some(WalkNote::NoneLeft));
        desk.press("Left");
        assert!(walk(&desk).question.is_some());
    }

    #[test]
    fn the_queue_goes_on_from_the_questions() {
        let mut desk = Desk::new(3);
        desk.press("Enter Right ]");

        assert_eq!(walk(&desk).deal, DealId(2));
        assert_eq!(asked(&desk), "PRB1");
        desk.press("Esc");
        assert_eq!(desk.current(), 2);
    }

    #[test]
    fn the_checklist_answers_with_the_same_keys_and_goes_down() {
        let mut desk = Desk::new(1);
        desk.press("Tab Tab");
        let first = desk.model.detail.question;
        desk.press("2");
        assert_eq!(desk.deals[&1].answers.len(), 1);
        assert_ne!(desk.model.detail.question, first);
        desk.press("k x");
        assert!(
            desk.toast().contains("applies to every deal"),
            "{}",
            desk.toast()
        );
        desk.press("Del");
        assert!(desk.deals[&1].answers.is_empty());
        desk.press(".");
        assert!(desk.toast().contains("could still be so"));
    }

    #[test]
    fn asking_puts_the_question_on_the_list_and_goes_on() {
        let mut desk = Desk::new(1);
        desk.press("Enter a");
        assert_eq!(
            desk.form().field(FieldKey::Whom).unwrap().text(),
            "Tom Reed"
        );
        desk.press("Enter");

        let Act::Ask {
            question,
            whom,
            due,
            ..
        } = desk.act()
        else {
            panic!("not asked")
        };
        assert_eq!(question.as_deref(), Some("PRB1"));
        assert_eq!(whom.as_deref(), Some("Tom Reed"));
        assert_eq!(*due, "2026-11-30".parse().ok());
        assert_eq!(asked(&desk), "PWR1");
    }

    #[test]
    fn their_words_make_it_shown() {
        let mut desk = Desk::new(1);
        desk.press("Enter e")
            .type_text("our line stands still")
            .press("Tab Enter");

        let Act::Answer { key, evidence, .. } = desk.act() else {
            panic!("not answered")
        };
        assert_eq!(*key, AnswerKey::Yes(Grade::Shown));
        assert_eq!(evidence.as_deref(), Some("our line stands still"));
        assert_eq!(asked(&desk), "PWR1");
    }
}

mod doing_by_name {
    use super::*;

    fn rows(desk: &Desk) -> Vec<String> {
        match desk.model.overlay() {
            Some(Overlay::Palette(open)) => open
                .rows
                .iter()
                .map(|row| format!("{} {}", row.name, row.argument.clone().unwrap_or_default()))
                .collect(),
            other => panic!("no palette but {other:?}"),
        }
    }

    #[test]
    fn commands_are_found_by_their_letters() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("jrn");
        assert_eq!(rows(&desk)[0], "journal ");
        desk.press("Enter");
        assert!(matches!(desk.model.page(), Page::Journal(_)));
    }

    #[test]
    fn a_name_takes_its_argument() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("note they called").press("Enter");
        assert!(matches!(desk.act(), Act::Note { text, .. } if text == "they called"));

        desk.press(":").type_text("view go");
        assert_eq!(rows(&desk), ["view gone"]);
        desk.press("Enter");
        assert_eq!(desk.model.list.query.view, View::Gone);

        desk.press(":").type_text("close lost").press("Enter");
        assert!(desk.acts.len() == 1, "no deal is there to close");
        desk.press(":").type_text("order amount").press("Enter");
        assert_eq!(desk.model.list.query.order, crate::app::list::Order::Amount);
        desk.press(":").type_text("undo 12").press("Enter");
        assert!(
            desk.effects
                .iter()
                .any(|e| matches!(e, Effect::UndoAction(id) if id.0 == 12))
        );
        desk.press(":").type_text("undo").press("Enter");
        assert!(
            desk.effects
                .iter()
                .any(|e| matches!(e, Effect::Undo(Reach::Any)))
        );
    }

    #[test]
    fn what_cannot_be_done_is_listed_with_its_reason() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("unmask");
        let Some(Overlay::Palette(open)) = desk.model.overlay() else {
            panic!("no palette")
        };
        assert_eq!(open.rows[0].reason, Some("nothing is masked"));
        desk.press("Enter");
        assert_eq!(desk.toast(), "Unmask: nothing is masked");
    }

    #[test]
    fn tab_takes_the_name_over() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("ord").press("Tab");
        assert_eq!(rows(&desk).len(), crate::app::list::Order::ALL.len());
    }

    #[test]
    fn a_sitter_is_named() {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("as Dana").press("Enter");
        assert_eq!(desk.model.who, "Dana");
    }
}

mod masks {
    use super::*;

    #[test]
    fn a_key_only_masks_more() {
        let mut desk = Desk::new(2);
        desk.press("m");
        assert_eq!(desk.model.mask.level(), Level::Amounts);
        desk.press("m m m");
        assert_eq!(desk.model.mask.level(), Level::Names);
        assert_eq!(desk.model.mask.open_deal(), None);
        assert!(desk.toast().contains("masked already"));
        desk.press(":").type_text("unmask").press("Enter");
        assert_eq!(desk.model.mask.level(), Level::Open);
    }

    #[test]
    fn an_order_or_filter_that_tells_amounts_goes() {
        let mut desk = Desk::new(2);
        desk.press(":").type_text("order amount").press("Enter m");
        assert_eq!(desk.model.list.query.order, crate::app::list::Order::Queue);
        desk.press("/").type_text("amount>5k");
        let Some(Overlay::Prompt(prompt)) = desk.model.overlay() else {
            panic!("no prompt")
        };
        assert!(prompt.error.as_ref().is_some_and(|e| e.contains("masked")));
    }

    #[test]
    fn hidden_text_is_not_filled_into_a_sheet() {
        let mut desk = Desk::new(2);
        desk.press("m m m :").type_text("edit").press("Enter");
        let texts: Vec<String> = desk
            .form()
            .fields
            .iter()
            .map(crate::app::form::Field::text)
            .collect();
        assert!(
            texts.iter().all(|text| !text.contains("Account")),
            "{texts:?}"
        );
        assert!(desk.form().fields[0].placeholder.contains("stays as it is"));
        desk.press("Shift-Tab Enter");
        assert_eq!(desk.toast(), "Nothing was changed");
        assert!(desk.acts.is_empty());
    }
}

mod importing {
    use super::*;

    #[test]
    fn a_file_is_previewed_and_then_imported() {
        let mut desk = Desk::new(0);
        desk.press("i").type_text("deals.csv").press("Enter");
        let Page::Preview(preview) = desk.model.page() else {
            panic!("no preview")
        };
        assert_eq!(preview.data.as_ref().map(|d| d.counts.new), Some(1));
        desk.press("Tab");
        let Page::Preview(preview) = desk.model.page() else {
            panic!("no preview")
        };
        assert_eq!(
            (preview.part, preview.shown_rows().len()),
            (Part::Problems, 1)
        );
        desk.press("Enter");
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 1);
        desk.press("Enter g c");
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 1);
        assert!(
            matches!(desk.model.page(), Page::Preview(_)),
            "Esc stops it first"
        );

        desk.deals = Desk::closed(4).deals;
        let counts = RowCounts {
            new: 4,
            ..RowCounts::default()
        };
        desk.reply(Reply::ImportDone {
            counts,
            cancelled: false,
        });
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.model.list.ids.len(), 4);
        assert_eq!(
            desk.toast(),
            "Imported: 4 new, 0 updated · :undo takes it back"
        );
    }

    #[test]
    fn escape_stops_an_import_once() {
        let mut desk = Desk::new(1);
        desk.press(":")
            .type_text("import deals.csv")
            .press("Enter Enter Esc Esc");
        assert_eq!(desk.count(|e| matches!(e, Effect::CancelImport)), 1);
        desk.reply(Reply::ImportDone {
            counts: RowCounts::default(),
            cancelled: true,
        });

        assert!(matches!(desk.model.page(), Page::Preview(p) if p.progress.is_none()));
        desk.press("Esc");
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    /// What was asked of the reader last.
    fn asked(desk: &Desk) -> (u64, Request) {
        let last = desk.effects.iter().rev().find_map(|effect| match effect {
            Effect::PreviewImport { number, request } => Some((*number, (**request).clone())),
            _ => None,
        });
        last.expect("a preview was asked for")
    }

    fn page(desk: &Desk) -> &Preview {
        match desk.model.page() {
            Page::Preview(preview) => preview,
            _ => panic!("no preview"),
        }
    }

    /// A cockpit with the preview of a file.
    fn previewed() -> Desk {
        let mut desk = Desk::new(1);
        desk.press(":").type_text("import deals.csv").press("Enter");
        desk
    }

    #[test]
    fn a_column_is_given_another_meaning_by_typing_it() {
        let mut desk = previewed();
        desk.press("Tab Tab e").type_text("clos").press("Enter");

        let (_, request) = asked(&desk);
        assert_eq!(request.paths, ["deals.csv"]);
        let meaning = ("Deal Name".to_owned(), Some("expected_close".to_owned()));
        assert_eq!(request.mapping, [meaning]);

        desk.press("e").type_text("not used").press("Enter");
        assert_eq!(asked(&desk).1.mapping, [("Deal Name".to_owned(), None)]);
    }

    #[test]
    fn a_menu_that_finds_nothing_takes_nothing() {
        let mut desk = previewed();
        let before = asked(&desk);
        desk.press("Tab Tab e").type_text("qqq").press("Enter");

        assert!(matches!(desk.model.overlay(), Some(Overlay::Menu(m)) if m.rows.is_empty()));
        assert_eq!(asked(&desk), before);
    }

    #[test]
    fn days_and_currency_are_changed_and_the_older_reading_is_dropped() {
        let mut desk = previewed();
        desk.answers = false;
        desk.press("d j j Enter");
        let (first, request) = asked(&desk);
        assert_eq!(request.dates.as_deref(), Some("mdy"));
        assert!(page(&desk).reading.is_some(), "and the screen goes on");

        desk.press("c").type_text("ron").press("Enter");
        let (second, request) = asked(&desk);
        assert_eq!(request.currency.as_deref(), Some("RON"));
        assert_eq!(request.dates.as_deref(), Some("mdy"), "both hold");

        desk.press("s").type_text("crm:north").press("Enter");
        let (second_and_source, request) = asked(&desk);
        assert!(second_and_source > second);
        assert_eq!(request.source.as_deref(), Some("crm:north"));
        let second = second_and_source;

        let data = |new| {
            let counts = RowCounts {
                rows: new,
                new,
                ..RowCounts::default()
            };
            Box::new(crate::app::desk::preview(counts))
        };
        desk.reply(Reply::Preview {
            number: first,
            data: data(7),
            share: None,
        });
        assert_eq!(page(&desk).data.as_ref().unwrap().counts.new, 1);
        desk.reply(Reply::Preview {
            number: second,
            data: data(8),
            share: None,
        });
        assert_eq!(page(&desk).data.as_ref().unwrap().counts.new, 8);
        assert_eq!(page(&desk).reading, None);
    }

    #[test]
    fn a_long_file_shows_its_first_rows_and_cannot_go_in_before_it_is_read() {
        let mut desk = previewed();
        let (number, _) = asked(&desk);
        let counts = RowCounts {
            rows: 200,
            new: 200,
            ..RowCounts::default()
        };
        desk.reply(Reply::Preview {
            number,
            data: Box::new(crate::app::desk::preview(counts)),
            share: Some(0.1),
        });
        desk.press("Enter");
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 0);
        assert!(
            desk.toast().contains("still being read"),
            "{}",
            desk.toast()
        );

        let counts = RowCounts {
            rows: 4_000,
            ..counts
        };
        desk.reply(Reply::PreviewCounts {
            number,
            counts,
            share: 0.5,
        });
        assert_eq!(page(&desk).data.as_ref().unwrap().counts.rows, 4_000);
        assert_eq!(page(&desk).reading, Some(0.5));
    }

    #[test]
    fn what_cannot_be_read_that_way_leaves_what_was_found() {
        let mut desk = previewed();
        let before = page(&desk).found.clone();
        desk.answers = false;
        desk.press("d j Enter");
        desk.fail_one();

        assert_eq!(page(&desk).asked, before);
        assert_eq!(page(&desk).reading, None);
        assert!(page(&desk).data.is_some());
    }

    #[test]
    fn conflicts_are_taken_and_left_again_by_one_key() {
        let mut desk = previewed();
        desk.press("t");
        assert!(desk.toast().contains("nothing is in conflict"));
        let (number, _) = asked(&desk);
        let counts = RowCounts {
            rows: 1,
            conflict: 1,
            ..RowCounts::default()
        };
        desk.reply(Reply::Preview {
            number,
            data: Box::new(crate::app::desk::preview(counts)),
            share: None,
        });
        desk.press("t");
        assert!(asked(&desk).1.take_theirs);
        desk.press("Enter");
        let applied = desk.effects.iter().find_map(|effect| match effect {
            Effect::ApplyImport(request) => Some(request.take_theirs),
            _ => None,
        });
        assert_eq!(applied, Some(true));
    }

    #[test]
    fn what_was_corrected_is_forgotten_by_one_key() {
        let mut desk = previewed();
        desk.press("x");
        assert!(!asked(&desk).1.forget, "nothing was corrected");
        let (number, _) = asked(&desk);
        let mut data = crate::app::desk::preview(RowCounts::default());
        data.corrected = true;
        desk.reply(Reply::Preview {
            number,
            data: Box::new(data),
            share: None,
        });
        desk.press("x");

        assert!(asked(&desk).1.forget);
        assert!(!page(&desk).found.forget, "once is enough");
    }

    #[test]
    fn one_key_shows_only_the_problems() {
        let mut desk = previewed();
        desk.press("p");
        assert_eq!(
            (page(&desk).part, page(&desk).shown_rows().len()),
            (Part::Problems, 1)
        );
        desk.press("p");
        assert_eq!(page(&desk).part, Part::Rows);
    }

    /// A cockpit that found an export of two files.
    fn offered() -> Desk {
        let mut desk = Desk::new(1);
        let at = desk.model.at - TimeDelta::minutes(12);
        desk.reply(Reply::NewestExport(Some(FoundExport {
            paths: vec!["/d/deals.csv".into(), "/d/calls.csv".into()],
            file: "deals.csv".into(),
            kind: "HubSpot".into(),
            at,
            is_newer: true,
        })));
        desk
    }

    #[test]
    fn the_newest_export_is_offered_and_previewed_with_all_its_files() {
        let mut desk = offered();
        assert_eq!(desk.toast(), "", "a quiet line, not an event");
        let screen = crate::app::screen::derive(&desk.model);
        let line = screen.toast.unwrap();
        assert_eq!(
            line,
            [crate::app::screen::doc::Span::quiet(
                "I import deals.csv and 1 more · HubSpot · 12 min old · T take it unseen"
            )]
        );
        desk.press("I");

        assert_eq!(asked(&desk).1.paths, ["/d/deals.csv", "/d/calls.csv"]);
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 0);
    }

    #[test]
    fn what_is_taken_unseen_stops_where_something_must_be_seen() {
        let mut desk = offered();
        desk.press("T");
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 0);
        assert!(desk.toast().contains("Look at it first"), "one is refused");

        let mut desk = offered();
        desk.answers = false;
        desk.press("T");
        let (number, _) = asked(&desk);
        let counts = RowCounts {
            rows: 1,
            new: 1,
            ..RowCounts::default()
        };
        desk.reply(Reply::Preview {
            number,
            data: Box::new(crate::app::desk::preview(counts)),
            share: None,
        });
        assert_eq!(desk.count(|e| matches!(e, Effect::ApplyImport(_))), 1);
        assert!(page(&desk).progress.is_some());
    }

    #[test]
    fn without_an_export_its_path_is_asked_for() {
        let mut desk = Desk::new(1);
        desk.press("I");

        assert!(matches!(desk.model.overlay(),
            Some(Overlay::Prompt(p)) if matches!(p.kind, PromptKind::Import)));
    }
}

mod the_rest {
    use super::*;

    #[test]
    fn a_paste_outside_a_field_does_nothing_and_says_so() {
        let mut desk = Desk::new(2);
        desk.tell(Msg::Paste("FHC\nq".to_owned()));

        assert!(desk.model.overlay().is_none() && desk.acts.is_empty());
        assert_eq!(
            desk.toast(),
            "Nothing was pasted: there is no text field here"
        );
        desk.press("/");
        desk.tell(Msg::Paste("two\nlines".to_owned()));
        assert_eq!(desk.model.list.query.text, "two lines");
    }

    #[test]
    fn a_wrong_key_ends_a_sequence_and_nothing_else() {
        let mut desk = Desk::new(5);
        desk.press("g");
        assert_eq!(desk.model.continuations().len(), 4);
        desk.press("F");
        assert!(desk.model.overlay().is_none());
        assert!(desk.model.continuations().is_empty());
        desk.press("j g g");
        assert_eq!(desk.current(), 1);
    }

    #[test]
    fn escape_takes_off_one_thing_at_a_time() {
        let mut desk = Desk::new(5);
        desk.press("Space Tab z g j ?");
        desk.press("Esc");
        assert!(matches!(desk.model.page(), Page::Journal(_)) && desk.model.overlays.is_empty());
        desk.press("Esc");
        assert!(matches!(desk.model.page(), Page::Cockpit) && desk.model.zoom);
        desk.press("Esc");
        assert!(!desk.model.zoom && desk.model.pane == Pane::Detail);
        desk.press("Esc");
        assert!(desk.model.pane == Pane::List && !desk.model.list.marks.is_empty());
        desk.press("Esc Esc Esc");
        assert!(desk.model.list.marks.is_empty() && !desk.model.left);
        desk.press("q");
        assert!(desk.model.left);
    }

    #[test]
    fn a_toast_goes_by_itself() {
        let mut desk = Desk::new(1);
        desk.press("m");
        let until = desk.model.wake_at().expect("the toast is waited for");
        desk.tell_at(until, today(), Msg::Wake);

        assert!(desk.model.toast.is_none());
        assert_eq!(desk.model.wake_at(), None, "nothing ticks");
    }

    #[test]
    fn a_new_day_renews_what_depends_on_it() {
        let mut desk = Desk::new(1);
        desk.effects.clear();
        let at = desk.model.at + TimeDelta::hours(16);
        desk.tell_at(at, today().succ_opt().unwrap(), Msg::Wake);

        assert_eq!(desk.count(is_index), 1);
        assert_eq!(desk.count(|e| matches!(e, Effect::LoadFacts)), 1);
        assert_eq!(desk.count(|e| matches!(e, Effect::LoadDetail(_))), 1);
    }

    #[test]
    fn a_new_day_is_looked_after_whatever_its_first_word_is() {
        let is_tend = |e: &Effect| matches!(e, Effect::Tend);
        let pressed = || Msg::Key {
            chord: Chord::char('j'),
            hurried: false,
        };
        for msg in [
            pressed(),
            Msg::Wake,
            Msg::Resumed,
            Msg::Reply(Reply::Overtaken),
            Msg::Resize(size(90, 30)),
            Msg::Paste("x".to_owned()),
        ] {
            let mut desk = Desk::new(2);
            let (at, days) = (desk.model.at, TimeDelta::days(3));
            let name = format!("{msg:?}");
            desk.effects.clear();
            desk.tell_at(at + days, today() + days, msg);
            assert_eq!(desk.count(is_tend), 1, "{name}");
            desk.tell_at(at + days, today() + days, pressed());
            assert_eq!(desk.count(is_tend), 1, "{name}: once for a day");
            desk.tell_at(at, today(), pressed());
            assert_eq!(desk.count(is_tend), 2, "{name}: the clock was put back");
        }
    }

    #[test]
    fn too_small_a_screen_acts_on_nothing_that_is_not_seen() {
        let mut desk = Desk::new(2);
        desk.tell(Msg::Resize(size(59, 16)));
        desk.press("F Enter j");
        assert!(desk.model.overlay().is_none());
        desk.tell(Msg::Resize(size(80, 24)));
        assert_eq!(desk.current(), 1);
    }

    #[test]
    fn what_to_say_is_copied() {
        let mut desk = Desk::new(1);
        desk.press("c");
        let copied = desk.effects.iter().find_map(|e| match e {
            Effect::Copy(text) => Some(text.clone()),
            _ => None,
        });
        assert!(copied.is_some_and(|text| text.starts_with("Suppose nothing changes")));
        assert_eq!(desk.toast(), "Copied");
    }

    #[test]
    fn undo_works_before_the_figures_are_renewed() {
        let mut desk = Desk::new(2);
        desk.answers = false;
        desk.press("m :").type_text("note x").press("Enter");
        desk.answer_some();
        desk.press("u");

        assert!(
            desk.effects
                .iter()
                .any(|e| matches!(e, Effect::Undo(Reach::Mine)))
        );
    }

    #[test]
    fn writes_that_wait_are_handed_out_before_leaving() {
        let mut desk = Desk::new(1);
        desk.press("Enter");
        desk.answers = false;
        desk.press("2 2 Ctrl-c");

        let acts = desk.count(|e| matches!(e, Effect::Act(_)));
        assert_eq!(acts, 2);
        assert!(matches!(desk.effects.last(), Some(Effect::Quit)));
    }
}

mod sweep {
    use super::*;
    use crate::app::sweep::Sweep;
    use crate::domain::deal::SweepWord;

    fn page(desk: &Desk) -> &Sweep {
        match desk.model.page() {
            Page::Sweep(sweep) => sweep,
            other => panic!("not the sweep: {other:?}"),
        }
    }

    fn words(act: &Act) -> Vec<(i64, SweepWord)> {
        match act {
            Act::Sweep { words } => words.iter().map(|(deal, word)| (deal.0, *word)).collect(),
            other => panic!("not a sweep: {other:?}"),
        }
    }

    #[test]
    fn letters_are_labels_and_decide_nothing() {
        let mut desk = Desk::new(45);
        desk.press("S").answer_all();

        desk.press("F C m g a r").answer_all();

        assert!(desk.model.overlays.is_empty(), "no sheet opened");
        assert_eq!(page(&desk).tally(), [14, 4, 2]);
    }

    #[test]
    fn a_page_is_one_action_and_the_next_one_follows() {
        let mut desk = Desk::new(25);
        desk.press("S").answer_all();
        desk.press("b C Enter").answer_all();

        let first = words(desk.act());
        assert_eq!(first.len(), 20);
        assert_eq!(first[1], (2, SweepWord::Dread));
        assert_eq!(first[2], (3, SweepWord::Unknown));
        assert_eq!(page(&desk).page, 1);
        desk.press("Enter").answer_all();
        assert_eq!(words(desk.act()).len(), 5);
        assert!(!page(&desk).is_asking(), "the piles follow the last page");
    }

    #[test]
    fn a_page_back_shows_what_was_said() {
        let mut desk = Desk::new(25);
        desk.press("S").answer_all();
        desk.press("b Enter").answer_all();

        desk.press("Left").answer_all();

        assert_eq!(page(&desk).page, 0);
        assert_eq!(page(&desk).tally(), [19, 1, 0]);
    }

    #[test]
    fn the_end_leads_to_the_dreaded() {
        let mut desk = Desk::new(3);
        desk.press("S").answer_all();
        desk.press("a Enter").answer_all();

        desk.press("Enter").answer_all();

        assert!(matches!(desk.model.page(), Page::Cockpit));
        let filter = desk.model.list.query.filter.as_ref();
        assert_eq!(
            filter.map(ToString::to_string).as_deref(),
            Some("sweep:dread")
        );
    }

    #[test]
    fn a_pipeline_that_can_only_be_read_is_not_swept() {
        let mut desk = Desk::new(3);
        desk.model.facts.read_only = true;
        desk.press("S").answer_all();

        desk.press("a Enter").answer_all();

        assert_eq!(desk.count(|effect| matches!(effect, Effect::Act(_))), 0);
        assert_eq!(page(&desk).page, 0);
    }
}

mod cards {
    use super::*;
    use crate::app::model::{Facts, Overlay};
    use crate::app::msg::Reply;
    use crate::app::preview::RowCounts;
    use crate::domain::deal::FreshEyes;
    use crate::domain::signs::Sign;

    #[test]
    fn a_sign_is_ticked_by_its_letter_and_taken_back_by_it() {
        let mut desk = Desk::new(3);
        desk.press("s").answer_all();

        desk.press("d").answer_all();
        let ticked = |act: &Act| match act {
            Act::Sign { sign, ticked, .. } => (*sign, *ticked),
            other => panic!("not a sign: {other:?}"),
        };

        assert_eq!(ticked(desk.act()), (Sign::Block, true));
        desk.answers = false;
        desk.press("d d");
        let last = desk.model.work.waiting.back().expect("a write waits");
        assert!(matches!(&last.effect, Effect::Act(act) if ticked(act) == (Sign::Block, false)));
        desk.press("Enter");
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn letters_of_the_card_decide_nothing() {
        let mut desk = Desk::new(3);
        desk.press("s").answer_all();

        desk.press("F H C u !").answer_all();

        assert!(desk.model.overlays.is_empty());
        assert_eq!(
            desk.count(|effect| matches!(effect, Effect::Act(_) | Effect::Undo(_))),
            0
        );
    }

    #[test]
    fn fresh_eyes_ask_once_and_close() {
        let mut desk = Desk::new(3);
        desk.press("f").answer_all();

        desk.press("n").answer_all();

        let answer = match desk.act() {
            Act::FreshEyes { answer, .. } => *answer,
            other => panic!("not fresh eyes: {other:?}"),
        };
        assert_eq!(answer, Some(FreshEyes::No));
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    fn imported(paper: &[u32]) -> Desk {
        let mut desk = Desk::new(5);
        desk.paper = paper.to_vec();
        desk.press(":").type_text("import x.csv").press("Enter");
        desk.answer_all();
        desk.reply(Reply::ImportDone {
            counts: RowCounts::default(),
            cancelled: false,
        });
        desk.answer_all();
        desk
    }

    #[test]
    fn what_is_dead_on_paper_opens_after_an_import_and_is_fired_at_once() {
        let mut desk = imported(&[2, 4]);
        assert!(matches!(desk.model.page(), Page::Paper(_)));

        desk.press("F").answer_all();
        desk.press("Enter").answer_all();

        let fired = match desk.act() {
            Act::Fire { deals, .. } => deals.iter().map(|deal| deal.0).collect::<Vec<_>>(),
            other => panic!("not fired: {other:?}"),
        };
        assert_eq!(fired, [2, 4]);
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn who_sits_here_is_asked_before_the_dead_are_shown_whatever_comes_first() {
        let facts = |owners: &[&str]| {
            Reply::Facts(Box::new(Facts {
                deals: 5,
                owners: owners.iter().map(ToString::to_string).collect(),
                ..Facts::default()
            }))
        };
        let mut desk = Desk::new(5);
        desk.paper = vec![2];
        desk.press(":").type_text("import x.csv").press("Enter");
        desk.answer_all();
        // The figures are asked for while the import runs, and come after its end.
        desk.answers = false;
        desk.tell(Msg::Reply(Reply::Overtaken));
        desk.reply(Reply::ImportDone {
            counts: RowCounts::default(),
            cancelled: false,
        });

        desk.reply(facts(&[]));
        desk.reply(facts(&["Ana", "Ben"]));

        assert!(matches!(desk.model.overlay(), Some(Overlay::Menu(_))));
        assert_eq!(desk.count(|e| matches!(e, Effect::LoadPaper)), 0);
        desk.answers = true;
        desk.press("Enter").answer_all();
        assert!(matches!(desk.model.page(), Page::Paper(_)));
    }

    #[test]
    fn who_is_spared_is_not_fired() {
        let mut desk = imported(&[2, 4]);

        desk.press("Space F").answer_all();

        assert_eq!(
            desk.form()
                .deals
                .iter()
                .map(|deal| deal.0)
                .collect::<Vec<_>>(),
            [4]
        );
    }

    #[test]
    fn nothing_dead_on_paper_opens_nothing() {
        let desk = imported(&[]);

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert!(!desk.toast().contains("dead on paper"));
    }

    #[test]
    fn asked_for_by_name_it_says_that_there_is_none() {
        let mut desk = Desk::new(3);

        desk.press(":").type_text("dead-on-paper").press("Enter");
        desk.answer_all();

        assert!(
            desk.toast().contains("Nothing is dead on paper"),
            "{}",
            desk.toast()
        );
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }
}

mod map {
    use super::*;
    use crate::domain::answer::Value;
    use crate::domain::map::{MapRow, PipelineMap};
    use crate::domain::shown::Name;

    fn desk() -> Desk {
        let row = |id: i64, problem, solution| MapRow {
            id: crate::domain::ids::DealId(id),
            account: None,
            title: Name::new(format!("Deal {id}")),
            problem,
            solution,
            per_week: 1.0,
        };
        let mut desk = Desk::new(5);
        desk.map = PipelineMap {
            rows: vec![
                row(2, Some(Value::Yes), Some(Value::Yes)),
                row(3, Some(Value::Yes), Some(Value::No)),
                row(4, Some(Value::Yes), Some(Value::No)),
            ],
            unasked: 2,
        };
        desk
    }

    #[test]
    fn it_opens_only_where_something_was_asked() {
        let mut desk = desk();
        desk.press("g m").answer_all();
        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert!(
            desk.toast().contains("no deal was asked"),
            "{}",
            desk.toast()
        );

        desk.model.facts.has_map = true;
        desk.press("g m").answer_all();
        assert!(matches!(desk.model.page(), Page::Map(_)));
    }

    #[test]
    fn from_a_cell_to_its_deal() {
        let mut desk = desk();
        desk.model.facts.has_map = true;
        desk.press("g m").answer_all();

        desk.press("Right Right j Enter").answer_all();

        assert!(matches!(desk.model.page(), Page::Cockpit));
        assert_eq!(desk.current(), 4);
    }
}

mod sharing {
    use super::*;

    #[test]
    fn sharing_hides_all_names_until_a_deal_is_opened() {
        let mut desk = Desk::new(3);
        desk.press(":").type_text("share").press("Enter");
        assert!(desk.model.shared);
        assert_eq!(desk.model.mask.level(), Level::Names);
        assert_eq!(desk.model.mask.open_deal(), None);

        // The cursor passes a deal, and opens another one.
        desk.press("j j");
        assert_eq!(desk.model.mask.open_deal(), None);
        desk.press("Enter");
        assert_eq!(desk.model.mask.open_deal().map(|deal| deal.0), Some(3));
        desk.press("[");
        assert_eq!(desk.model.mask.open_deal().map(|deal| deal.0), Some(2));

        desk.press("m");
        assert_eq!(desk.model.mask.open_deal(), None);
        desk.press("Esc Enter");
        assert_eq!(desk.model.mask.open_deal(), None, "a key only masks more");
    }

    #[test]
    fn sharing_ends_in_words_and_leaves_the_mask() {
        let mut desk = Desk::new(2);
        desk.press(":").type_text("share off").press("Enter");
        assert!(desk.toast().contains("not shared"));
        desk.press(":").type_text("share").press("Enter");
        desk.press(":").type_text("share off").press("Enter");
        assert!(!desk.model.shared);
        assert_eq!(desk.model.mask.level(), Level::Names);
    }

    #[test]
    fn unmasking_shows_this_name_all_names_or_everything() {
        let mut desk = Desk::new(2);
        desk.press("m m m");
        desk.press(":").type_text("unmask this").press("Enter");
        assert_eq!(desk.model.mask.level(), Level::Names);
        assert_eq!(desk.model.mask.open_deal().map(|deal| deal.0), Some(1));
        desk.press(":").type_text("unmask names").press("Enter");
        assert_eq!(desk.model.mask.level(), Level::Amounts);
        desk.press(":").type_text("unmask").press("Enter");
        assert_eq!(desk.model.mask.level(), Level::Open);
    }

    #[test]
    fn a_filter_that_names_somebody_is_not_shown_again() {
        let mut desk = Desk::new(2);
        desk.press("/").type_text("deal 2").press("Enter");
        desk.press(":").type_text("share").press("Enter");
        desk.press("/");
        let Some(Overlay::Prompt(prompt)) = desk.model.overlay() else {
            panic!("no prompt")
        };
        assert_eq!(prompt.input.text(), "");
    }
}

mod one_on_one {
    use super::*;
    use crate::app::one_on_one::{Held, Meeting, OneOnOne, Talk};
    use crate::domain::answer::{AnswerKey, Grade, Value};
    use crate::domain::phase::Phase;
    use crate::domain::review::{
        Agenda, AgendaItem, AgendaWhy, Charter, CharterReply, Chosen, ItemState, Pair, PairOf,
        ReviewClock, SealCount, SealState, Session, Spoken, Stand,
    };
    use crate::domain::shown::Name;
    use crate::domain::verdict::Verdict;

    fn session(desk: &Desk) -> Session {
        let started = desk.model.at;
        Session {
            id: 7,
            rep: "Ana".to_owned(),
            manager: Some("Dana".to_owned()),
            started,
            ended: None,
            table: None,
            clock: ReviewClock {
                started,
                plan: 30,
                each: 5,
            },
        }
    }

    /// A desk with three deals on the agenda of a meeting that runs.
    fn desk() -> Desk {
        let mut desk = Desk::new(3);
        let item = |deal: i64| AgendaItem {
            id: Some(deal),
            deal: DealId(deal),
            name: Name::new(format!("Deal {deal}")),
            verdict: None,
            why: AgendaWhy::Fire,
            minutes: 5,
            seconds: 0,
            state: ItemState::Open,
        };
        desk.meeting = Meeting {
            session: Some(session(&desk)),
            agenda: Agenda {
                items: [3, 1, 2].map(item).into(),
                fits: 3,
                decided_last_time: Vec::new(),
            },
        };
        desk
    }

    fn count(person: &str) -> SealCount {
        SealCount {
            person: person.to_owned(),
            sealed: 3,
            of: 12,
            verdict: true,
            day: today(),
            checked: None,
        }
    }

    fn seal(desk: &mut Desk, deal: i64, sealed: SealState) {
        let mut table = crate::app::desk::on_table(DealId(deal));
        table.sealed = sealed;
        desk.tables.insert(deal, table);
    }

    fn page(desk: &Desk) -> &OneOnOne {
        let Page::OneOnOne(page) = desk.model.page() else {
            panic!("no 1:1 is open")
        };
        page
    }

    fn pair(id: &str, manager: Value) -> Pair {
        let answer = |value| Stand::Answer {
            value,
            grade: Grade::Said,
            evidence: None,
        };
        Pair {
            of: PairOf::Question(id.to_owned()),
            rep: answer(Value::Yes),
            manager: answer(manager),
            differs: manager != Value::Yes,
            effect: crate::domain::review::Effect::default(),
            chosen: None,
        }
    }

    #[test]
    fn the_first_enter_begins_with_the_first_deal_on_the_table() {
        let mut desk = desk();
        desk.meeting.session = None;
        desk.press("g o");
        assert_eq!(page(&desk).deal, Some(DealId(3)));
        assert!(desk.acts.is_empty(), "looking at the agenda begins nothing");

        desk.press("Enter");
        assert!(matches!(desk.acts[0], Act::ReviewStart { minutes: 30, .. }));
        assert!(matches!(
            desk.acts[1],
            Act::ReviewTurn {
                deal: Some(DealId(3))
            }
        ));
    }

    #[test]
    fn the_deal_on_the_table_is_the_one_that_is_open_by_name() {
        let mut desk = desk();
        desk.press(":").type_text("share").press("Enter");
        desk.press("g o");
        assert_eq!(desk.model.mask.open_deal(), Some(DealId(3)));
        desk.press("]");
        assert_eq!(desk.model.mask.open_deal(), Some(DealId(1)));
        assert!(matches!(
            desk.act(),
            Act::ReviewTurn {
                deal: Some(DealId(1))
            }
        ));
        desk.press("] ]");
        assert!(desk.toast().contains("last deal"), "{}", desk.toast());
    }

    #[test]
    fn the_manager_is_typed_unseen_and_only_then_revealed() {
        let mut desk = desk();
        seal(
            &mut desk,
            3,
            SealState {
                counts: vec![count("Ana")],
                ..SealState::default()
            },
        );
        desk.press("g o");
        assert_eq!(page(&desk).talk(), Talk::Asking);
        desk.press("Enter");
        assert!(
            desk.acts.is_empty(),
            "nothing of the manager's is sealed yet"
        );

        desk.press("n");
        let Act::Seal {
            person, answers, ..
        } = desk.act()
        else {
            panic!("nothing was sealed")
        };
        assert_eq!(person.as_deref(), Some("Dana"));
        let (spoken, _) = answers.answers()[0].open_for_reveal();
        assert!(spoken == Spoken::Verdict(Verdict::Fire));
        assert_eq!(page(&desk).row, 1, "one key says it and goes on");
        assert_eq!(page(&desk).said, [PairOf::Verdict]);

        desk.press("2");
        let Act::Seal { answers, .. } = desk.act() else {
            panic!("nothing was sealed")
        };
        let (spoken, _) = answers.answers()[0].open_for_reveal();
        assert!(spoken == Spoken::Answer(Value::Yes, Grade::Said));

        let both = SealState {
            counts: vec![count("Ana"), count("Dana")],
            pairs: Vec::new(),
            hidden: 3,
        };
        seal(&mut desk, 3, both);
        desk.tell(Msg::Reply(Reply::Overtaken));
        desk.press("Enter");
        assert!(matches!(desk.act(), Act::Reveal { all: false, .. }));
    }

    #[test]
    fn keys_pressed_before_the_table_is_there_wait_for_it() {
        let mut desk = desk();
        let asking = SealState {
            counts: vec![count("Ana")],
            ..SealState::default()
        };
        seal(&mut desk, 1, asking);
        desk.press("g o");
        desk.answers = false;
        desk.press("] n 2 3");
        assert_eq!(page(&desk).held.len(), 3, "nothing is there yet");
        desk.answer_all();
        let sealed = |act: &&Act| {
            matches!(
                act,
                Act::Seal {
                    deal: DealId(1),
                    ..
                }
            )
        };
        assert_eq!(
            desk.acts.iter().filter(sealed).count(),
            3,
            "{:?}",
            desk.acts
        );
        assert_eq!((page(&desk).row, page(&desk).held.len()), (3, 0));

        // What was meant for one deal is not said of the next.
        desk.press("] 2");
        assert_eq!(
            page(&desk).held,
            [Held::Answer(AnswerKey::Yes(Grade::Said))]
        );
        desk.press("[");
        assert!(page(&desk).held.is_empty());
    }

    #[test]
    fn a_difference_is_settled_by_either_answer_or_another() {
        let mut desk = desk();
        let sealed = SealState {
            counts: Vec::new(),
            pairs: vec![pair("PRB1", Value::Yes), pair("PWR1", Value::No)],
            hidden: 0,
        };
        seal(&mut desk, 3, sealed);
        desk.press("g o");
        assert_eq!(page(&desk).row, 1, "the difference has the cursor");

        desk.press("Right");
        let Act::Choose {
            question, chosen, ..
        } = desk.act()
        else {
            panic!("nothing was chosen")
        };
        assert_eq!(
            (question.as_deref(), *chosen),
            (Some("PWR1"), Chosen::Manager)
        );
        desk.press("p");
        let Act::Answer { question, key, .. } = desk.act() else {
            panic!("nothing was answered")
        };
        assert_eq!(
            (question.as_str(), *key),
            ("PWR1", crate::domain::answer::AnswerKey::Partly)
        );
    }

    #[test]
    fn nobody_says_to_herself_that_she_may_fire_them() {
        let mut desk = desk();
        desk.press("g o P");
        assert!(matches!(desk.act(), Act::MayFire { .. }));

        let mut alone = self::desk();
        alone.meeting.session.as_mut().unwrap().manager = None;
        alone.press("g o P");
        assert!(alone.acts.is_empty(), "{:?}", alone.acts);
        assert!(
            alone.toast().contains("no manager is in the room"),
            "{}",
            alone.toast()
        );
    }

    #[test]
    fn what_fell_due_is_settled_at_the_table_by_its_own_keys() {
        let due = |due, decision| {
            let mut desk = desk();
            let deal = desk.deals.get_mut(&3).unwrap();
            (deal.due, deal.decision) = (Some(due), decision);
            desk.open_pipeline(None);
            desk.press("g o");
            desk
        };
        let mut tripwire = due(Due::Tripwire, Decision::Continued);
        tripwire
            .press("3")
            .type_text("the sample came")
            .press("Tab Enter");
        assert!(matches!(
            tripwire.acts[0],
            Act::TripwireHappened {
                deal: DealId(3),
                ..
            }
        ));

        let mut fired = due(Due::CameBack, Decision::Fired);
        fired.press("3");
        assert!(matches!(fired.acts[0], Act::LetGo { deal: DealId(3) }));

        // While the manager is asked, the keys of answers are theirs.
        let mut asked = desk();
        let deal = asked.deals.get_mut(&3).unwrap();
        (deal.due, deal.decision) = (Some(Due::Tripwire), Decision::Continued);
        asked.open_pipeline(None);
        let asking = SealState {
            counts: vec![count("Ana")],
            ..SealState::default()
        };
        seal(&mut asked, 3, asking);
        asked.press("g o 3");
        assert!(matches!(asked.act(), Act::Seal { .. }), "{:?}", asked.acts);
    }

    #[test]
    fn a_decision_brings_the_next_open_deal() {
        let mut desk = desk();
        desk.press("g o H");
        desk.press("Enter");
        assert!(matches!(desk.acts[0], Act::Hold { .. }), "{:?}", desk.acts);
        assert_eq!(page(&desk).deal, Some(DealId(1)));
        assert!(matches!(
            desk.act(),
            Act::ReviewTurn {
                deal: Some(DealId(1))
            }
        ));
    }

    #[test]
    fn the_clock_wakes_once_a_minute_and_only_here() {
        let mut desk = desk();
        assert_eq!(desk.model.wake_at(), None);
        desk.press("g o");
        desk.model.toast = None;
        let started = desk.meeting.session.as_ref().unwrap().started;
        assert_eq!(desk.model.wake_at(), Some(started + TimeDelta::minutes(1)));
        desk.press("q");
        desk.model.toast = None;
        assert_eq!(desk.model.wake_at(), None);
    }

    #[test]
    fn the_minutes_are_written_after_the_meeting_is_closed() {
        let mut desk = desk();
        desk.press(":").type_text("share").press("Enter");
        desk.press("g o :")
            .type_text("minutes")
            .press("Enter Enter");
        assert!(matches!(desk.act(), Act::ReviewEnd));
        let wish = desk.effects.iter().find_map(|effect| match effect {
            Effect::WriteMinutes(wish) => Some(wish),
            _ => None,
        });
        let wish = wish.expect("they are written");
        assert_eq!(wish.path.as_deref(), Some("minutes-2026-11-23-7.md"));
        assert_eq!((wish.review, wish.mask.level()), (7, Level::Names));
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }

    #[test]
    fn the_charter_shows_what_stands_and_sets_what_is_changed() {
        let mut desk = desk();
        let fired_alone = |desk: &Desk| {
            let Act::CharterSign { terms } = desk.act() else {
                panic!("{:?}", desk.act())
            };
            terms.clone()
        };
        desk.press(":").type_text("charter").press("Enter Enter");
        assert_eq!(fired_alone(&desk), None, "signed as it stands");

        desk.model.facts.charter = Some(Charter {
            text: "Fire what will not sign.".into(),
            phases: vec![Phase::Early],
            exceptions: vec!["Contoso".to_owned()],
            signed: vec![("Dana".to_owned(), today())],
            ..Charter::default()
        });
        desk.press(":").type_text("charter").press("Enter");
        let Some(Overlay::Form(form)) = desk.model.overlay() else {
            panic!("no sheet is open")
        };
        let lines: Vec<&str> = form.lines.iter().map(|line| line.text.as_str()).collect();
        assert!(lines.iter().any(|line| line.contains("will not sign")));
        assert!(
            lines.iter().any(|line| line.contains("Dana, ")),
            "{lines:?}"
        );

        // Early goes, middle and proposal come; the exceptions go.
        desk.press("Shift-Tab").type_text("none");
        desk.press("Shift-Tab Up Space Up Space Up Space");
        desk.press("Shift-Tab").type_text("50000 EUR");
        desk.press("Tab Tab Tab Enter");
        assert!(desk.model.overlay().is_none(), "{:?}", desk.model.overlay());
        let terms = fired_alone(&desk).expect("they are changed");
        assert_eq!(terms.phases, Some(vec![Phase::Middle, Phase::Proposal]));
        assert_eq!(terms.exceptions, Some(Vec::new()));
        assert_eq!(terms.ceilings.map(|of| of.len()), Some(1));
        assert_eq!(terms.text, None);
    }

    #[test]
    fn the_manager_answers_at_the_table_what_was_fired_above_the_ceiling() {
        let mut desk = desk();
        desk.press("g o :")
            .type_text("overrule they owe us the data")
            .press("Enter");
        let Act::CharterAnswer {
            deal,
            reply,
            reason,
        } = desk.act()
        else {
            panic!("{:?}", desk.act())
        };
        assert_eq!((*deal, *reply), (DealId(3), CharterReply::Overruled));
        assert_eq!(reason.as_deref(), Some("they owe us the data"));

        desk.press(":").type_text("stands").press("Enter");
        assert!(matches!(
            desk.act(),
            Act::CharterAnswer {
                reply: CharterReply::Stands,
                ..
            }
        ));
    }

    #[test]
    fn a_raised_hand_takes_a_note_or_none() {
        let mut desk = Desk::new(2);
        desk.press("r").type_text("too cheap").press("Enter");
        assert!(
            matches!(desk.act(), Act::RaiseHand { note: Some(note), .. } if note == "too cheap")
        );
        desk.press("r Enter");
        assert!(matches!(desk.act(), Act::RaiseHand { note: None, .. }));
    }

    #[test]
    fn what_is_sealed_moves_nothing() {
        let mut desk = Desk::new(2);
        desk.press(":").type_text("seal").press("Enter n 3");
        assert_eq!(desk.acts.len(), 2);
        assert!(
            desk.acts
                .iter()
                .all(|act| matches!(act, Act::Seal { person: None, .. }))
        );
        let Page::Seal(card) = desk.model.page() else {
            panic!("the page stays")
        };
        assert_eq!((card.row, card.said.len()), (2, 2));
        desk.press("Enter");
        assert!(matches!(desk.act(), Act::SealStanding { .. }));
        assert!(matches!(desk.model.page(), Page::Cockpit));
    }
}
