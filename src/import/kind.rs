//! What kind of contact an activity was, and how it went, by the words of its columns.

use crate::domain::deal::Direction;
use crate::domain::hours::Channel;

/// What an activity is to the CRM that kept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A contact by this channel.
    Contact(Channel),
    /// Something to do, which may have been a contact.
    Task,
    /// Something written down.
    Note,
}

/// Words of a type, in the languages of the CRMs, from the most to the least telling.
const TYPES: &[(&str, Kind)] = &[
    ("demo", Kind::Contact(Channel::Demo)),
    ("workshop", Kind::Contact(Channel::Workshop)),
    ("proof of concept", Kind::Contact(Channel::Trial)),
    ("poc", Kind::Contact(Channel::Trial)),
    ("trial", Kind::Contact(Channel::Trial)),
    ("pilot", Kind::Contact(Channel::Trial)),
    ("proposal", Kind::Contact(Channel::Proposal)),
    ("quotation", Kind::Contact(Channel::Quote)),
    ("quote", Kind::Contact(Channel::Quote)),
    ("voicemail", Kind::Contact(Channel::Call)),
    ("video call", Kind::Contact(Channel::Meeting)),
    ("call", Kind::Contact(Channel::Call)),
    ("calls", Kind::Contact(Channel::Call)),
    ("phone", Kind::Contact(Channel::Call)),
    ("phonecall", Kind::Contact(Channel::Call)),
    ("telephone", Kind::Contact(Channel::Call)),
    ("telefon", Kind::Contact(Channel::Call)),
    ("telefonat", Kind::Contact(Channel::Call)),
    ("anruf", Kind::Contact(Channel::Call)),
    ("appel", Kind::Contact(Channel::Call)),
    ("llamada", Kind::Contact(Channel::Call)),
    ("chiamata", Kind::Contact(Channel::Call)),
    ("ligação", Kind::Contact(Channel::Call)),
    ("sms", Kind::Contact(Channel::Message)),
    ("whatsapp", Kind::Contact(Channel::Message)),
    ("linkedin", Kind::Contact(Channel::Message)),
    ("chat", Kind::Contact(Channel::Message)),
    ("message", Kind::Contact(Channel::Message)),
    ("messages", Kind::Contact(Channel::Message)),
    ("communication", Kind::Contact(Channel::Message)),
    ("email", Kind::Contact(Channel::Email)),
    ("emails", Kind::Contact(Channel::Email)),
    ("e mail", Kind::Contact(Channel::Email)),
    ("listemail", Kind::Contact(Channel::Email)),
    ("e mails", Kind::Contact(Channel::Email)),
    ("mail", Kind::Contact(Channel::Email)),
    ("correo", Kind::Contact(Channel::Email)),
    ("courriel", Kind::Contact(Channel::Email)),
    ("letter", Kind::Contact(Channel::Email)),
    ("fax", Kind::Contact(Channel::Email)),
    ("meeting", Kind::Contact(Channel::Meeting)),
    ("meetings", Kind::Contact(Channel::Meeting)),
    ("appointment", Kind::Contact(Channel::Meeting)),
    ("appointments", Kind::Contact(Channel::Meeting)),
    ("event", Kind::Contact(Channel::Meeting)),
    ("events", Kind::Contact(Channel::Meeting)),
    ("lunch", Kind::Contact(Channel::Meeting)),
    ("visit", Kind::Contact(Channel::Meeting)),
    ("presentation", Kind::Contact(Channel::Meeting)),
    ("termin", Kind::Contact(Channel::Meeting)),
    ("besprechung", Kind::Contact(Channel::Meeting)),
    ("réunion", Kind::Contact(Channel::Meeting)),
    ("reunión", Kind::Contact(Channel::Meeting)),
    ("riunione", Kind::Contact(Channel::Meeting)),
    ("reunião", Kind::Contact(Channel::Meeting)),
    ("звонок", Kind::Contact(Channel::Call)),
    ("звонки", Kind::Contact(Channel::Call)),
    ("telefonmöte", Kind::Contact(Channel::Call)),
    ("samtal", Kind::Contact(Channel::Call)),
    ("telefoongesprek", Kind::Contact(Channel::Call)),
    ("gesprek", Kind::Contact(Channel::Call)),
    ("rozmowa", Kind::Contact(Channel::Call)),
    ("połączenie", Kind::Contact(Channel::Call)),
    ("chamada", Kind::Contact(Channel::Call)),
    ("llamadas", Kind::Contact(Channel::Call)),
    ("appels", Kind::Contact(Channel::Call)),
    ("anrufe", Kind::Contact(Channel::Call)),
    ("telefonate", Kind::Contact(Channel::Call)),
    ("rückruf", Kind::Contact(Channel::Call)),
    ("arama", Kind::Contact(Channel::Call)),
    ("puhelu", Kind::Contact(Channel::Call)),
    ("opkald", Kind::Contact(Channel::Call)),
    ("通话", Kind::Contact(Channel::Call)),
    ("电话", Kind::Contact(Channel::Call)),
    ("電話", Kind::Contact(Channel::Call)),
    ("通話", Kind::Contact(Channel::Call)),
    ("сообщение", Kind::Contact(Channel::Message)),
    ("viber", Kind::Contact(Channel::Message)),
    ("telegram", Kind::Contact(Channel::Message)),
    ("wechat", Kind::Contact(Channel::Message)),
    ("teams", Kind::Contact(Channel::Message)),
    ("slack", Kind::Contact(Channel::Message)),
    ("mensaje", Kind::Contact(Channel::Message)),
    ("mensagem", Kind::Contact(Channel::Message)),
    ("wiadomość", Kind::Contact(Channel::Message)),
    ("mesaj", Kind::Contact(Channel::Message)),
    ("письмо", Kind::Contact(Channel::Email)),
    ("почта", Kind::Contact(Channel::Email)),
    ("e post", Kind::Contact(Channel::Email)),
    ("epost", Kind::Contact(Channel::Email)),
    ("e posta", Kind::Contact(Channel::Email)),
    ("sähköposti", Kind::Contact(Channel::Email)),
    ("邮件", Kind::Contact(Channel::Email)),
    ("メール", Kind::Contact(Channel::Email)),
    ("courrier", Kind::Contact(Channel::Email)),
    ("brief", Kind::Contact(Channel::Email)),
    ("correos", Kind::Contact(Channel::Email)),
    ("встреча", Kind::Contact(Channel::Meeting)),
    ("встречи", Kind::Contact(Channel::Meeting)),
    ("möte", Kind::Contact(Channel::Meeting)),
    ("møde", Kind::Contact(Channel::Meeting)),
    ("møte", Kind::Contact(Channel::Meeting)),
    ("spotkanie", Kind::Contact(Channel::Meeting)),
    ("afspraak", Kind::Contact(Channel::Meeting)),
    ("bezoek", Kind::Contact(Channel::Meeting)),
    ("visita", Kind::Contact(Channel::Meeting)),
    ("visite", Kind::Contact(Channel::Meeting)),
    ("rendez vous", Kind::Contact(Channel::Meeting)),
    ("rdv", Kind::Contact(Channel::Meeting)),
    ("besuch", Kind::Contact(Channel::Meeting)),
    ("treffen", Kind::Contact(Channel::Meeting)),
    ("vor ort termin", Kind::Contact(Channel::Meeting)),
    ("videokonferenz", Kind::Contact(Channel::Meeting)),
    ("webinar", Kind::Contact(Channel::Meeting)),
    ("reuniones", Kind::Contact(Channel::Meeting)),
    ("réunions", Kind::Contact(Channel::Meeting)),
    ("toplantı", Kind::Contact(Channel::Meeting)),
    ("görüşme", Kind::Contact(Channel::Meeting)),
    ("ziyaret", Kind::Contact(Channel::Meeting)),
    ("tapaaminen", Kind::Contact(Channel::Meeting)),
    ("kokous", Kind::Contact(Channel::Meeting)),
    ("incontro", Kind::Contact(Channel::Meeting)),
    ("visita cliente", Kind::Contact(Channel::Meeting)),
    ("会议", Kind::Contact(Channel::Meeting)),
    ("拜访", Kind::Contact(Channel::Meeting)),
    ("会議", Kind::Contact(Channel::Meeting)),
    ("打ち合わせ", Kind::Contact(Channel::Meeting)),
    ("訪問", Kind::Contact(Channel::Meeting)),
    ("商談", Kind::Contact(Channel::Meeting)),
    ("note", Kind::Note),
    ("notes", Kind::Note),
    ("notiz", Kind::Note),
    ("comment", Kind::Note),
    ("task", Kind::Task),
    ("tasks", Kind::Task),
    ("todo", Kind::Task),
    ("to do", Kind::Task),
    ("deadline", Kind::Task),
    ("aufgabe", Kind::Task),
    ("tarea", Kind::Task),
    ("tâche", Kind::Task),
    ("notitie", Kind::Note),
    ("notatka", Kind::Note),
    ("anteckning", Kind::Note),
    ("заметка", Kind::Note),
    ("комментарий", Kind::Note),
    ("nota", Kind::Note),
    ("note interne", Kind::Note),
    ("备注", Kind::Note),
    ("メモ", Kind::Note),
    ("задача", Kind::Task),
    ("zadanie", Kind::Task),
    ("taak", Kind::Task),
    ("uppgift", Kind::Task),
    ("opgave", Kind::Task),
    ("tarefa", Kind::Task),
    ("attività", Kind::Task),
    ("compito", Kind::Task),
    ("görev", Kind::Task),
    ("tehtävä", Kind::Task),
    ("任务", Kind::Task),
    ("タスク", Kind::Task),
];

/// A text as small words with single blanks around each.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

fn has(spaced: &str, words: &str) -> bool {
    let mut from = 0;
    while let Some(at) = spaced[from..].find(words) {
        let start = from + at;
        let end = start + words.len();
        if spaced[..start].ends_with(' ') && spaced[end..].starts_with(' ') {
            return true;
        }
        from = end;
    }
    false
}

fn has_any(spaced: &str, words: &[&str]) -> bool {
    words.iter().any(|word| has(spaced, word))
}

/// Reads the kind in the words of a type; none where they say nothing.
pub(crate) fn of_type(text: &str) -> Option<Kind> {
    let words = spaced(text);
    TYPES
        .iter()
        .find(|(word, _)| has(&words, word))
        .map(|(_, kind)| *kind)
}

/// The word for what a table of activities holds, by the name of its file or by the first word of
/// two of its headers; none where they say nothing of a kind of contact.
pub(crate) fn of_table(file: &str, headers: &[String]) -> Option<&'static str> {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let contact = |words: &str| {
        let words = spaced(words);
        TYPES
            .iter()
            .find(|(word, kind)| has(&words, word) && matches!(kind, Kind::Contact(_)))
    };
    if let Some((word, _)) = contact(stem) {
        return Some(word);
    }
    let firsts = || {
        headers.iter().filter_map(|header| {
            let lower = header.to_lowercase();
            let is_of = |word: &&(&str, Kind)| {
                word.0.chars().count() > 3
                    && lower.starts_with(word.0)
                    && matches!(word.1, Kind::Contact(_))
            };
            TYPES.iter().find(is_of)
        })
    };
    let (word, _) = firsts().find(|first| firsts().filter(|f| f.1 == first.1).count() > 1)?;
    Some(word)
}

/// What the subject of a task says that it was; none where it names no contact.
pub(crate) fn of_subject(subject: &str) -> Option<Channel> {
    let words = spaced(subject);
    TYPES.iter().find_map(|(word, kind)| match kind {
        Kind::Contact(channel) if has(&words, word) => Some(*channel),
        Kind::Contact(_) | Kind::Task | Kind::Note => None,
    })
}

/// A meeting, call or mail whose subject says that it was more than that.
///
/// A reply about a proposal is a mail; a meeting is one even where a quote is talked about.
pub(crate) fn refine(channel: Channel, subject: &str, direction: Option<Direction>) -> Channel {
    let words = spaced(subject);
    match channel {
        Channel::Meeting => {
            if has_any(&words, &["demo", "demonstration", "vorführung", "démo"]) {
                Channel::Demo
            } else if has(&words, "workshop") {
                Channel::Workshop
            } else if has_any(&words, &["poc", "proof of concept", "trial", "pilot"]) {
                Channel::Trial
            } else {
                Channel::Meeting
            }
        }
        Channel::Email | Channel::Message if direction != Some(Direction::In) => {
            if ["re ", "aw ", "fw ", "fwd ", "wg "]
                .iter()
                .any(|reply| words[1..].starts_with(reply))
            {
                channel
            } else if has_any(&words, &["proposal", "propuesta", "proposition"]) {
                Channel::Proposal
            } else if has_any(
                &words,
                &["quote", "quotation", "angebot", "devis", "cotización"],
            ) {
                Channel::Quote
            } else {
                channel
            }
        }
        Channel::Email
        | Channel::Message
        | Channel::Call
        | Channel::Demo
        | Channel::Workshop
        | Channel::Trial
        | Channel::Proposal
        | Channel::Quote => channel,
    }
}

/// Whether a task that was done was work on our own desk, by its first word.
pub(crate) fn is_inner_work(subject: &str) -> bool {
    let words = spaced(subject);
    [
        "prepare ",
        "prep ",
        "research ",
        "internal ",
        "update crm",
        "vorbereit",
        "interne",
    ]
    .iter()
    .any(|word| words[1..].starts_with(word))
}

/// The most characters of such a mark; a longer one is the name of the meeting.
const MARK: usize = 24;

/// How an activity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It took place.
    Done,
    /// It is to come.
    Planned,
    /// It was called off.
    Declined,
    /// It was put off.
    Moved,
    /// They did not come.
    NoShow,
    /// A mail that never arrived.
    Lost,
}

/// Reads a status or an outcome; none where it says nothing of that.
pub(crate) fn state(text: &str) -> Option<State> {
    let words = spaced(text);
    let words = words.as_str();
    if has_any(
        words,
        &[
            "no show",
            "noshow",
            "not held",
            "nicht erschienen",
            "did not attend",
            "no asistió",
            "absent",
        ],
    ) {
        Some(State::NoShow)
    } else if has_any(
        words,
        &[
            "rescheduled",
            "moved",
            "postponed",
            "verschoben",
            "deferred",
            "new time proposed",
            "neue uhrzeit vorgeschlagen",
            "neuer termin vorgeschlagen",
            "reporté",
            "reportée",
            "aplazado",
            "aplazada",
            "reprogramado",
            "reprogramada",
            "rinviato",
            "adiado",
        ],
    ) {
        Some(State::Moved)
    } else if has_any(
        words,
        &[
            "canceled",
            "cancelled",
            "declined",
            "abgesagt",
            "abgebrochen",
            "annulé",
            "annulée",
            "cancelada",
            "cancelado",
            "called off",
            "rejected",
            "abgelehnt",
            "storniert",
            "refusé",
            "refusée",
            "décliné",
            "rechazado",
            "rechazada",
            "declinado",
            "recusado",
            "recusada",
            "rifiutato",
            "rifiutata",
            "annullato",
            "annullata",
            "geweigerd",
            "geannuleerd",
            "afgewezen",
        ],
    ) {
        Some(State::Declined)
    } else if has_any(words, &["bounced", "failed", "undelivered"]) {
        Some(State::Lost)
    } else if has_any(
        words,
        &[
            "open",
            "planned",
            "scheduled",
            "not started",
            "not completed",
            "undone",
            "in progress",
            "inprogress",
            "waiting",
            "pending",
            "draft",
            "to do",
            "todo",
            "incomplete",
            "overdue",
            "queued",
            "upcoming",
            "notstarted",
            "offen",
            "geplant",
            "zu erledigen",
            "запланировано",
            "запланирован",
            "запланирована",
            "не выполнено",
            "не завершено",
            "ожидает",
            "à faire",
            "prévu",
            "prévue",
            "por hacer",
            "programada",
            "pianificato",
            "pianificata",
            "da fare",
            "gepland",
            "te doen",
            "zaplanowane",
            "do zrobienia",
            "planerad",
            "att göra",
            "planlandı",
            "bekliyor",
            "yapılacak",
            "未完成",
            "计划中",
            "未完了",
            "予定",
            "nicht begonnen",
            "pendiente",
            "no iniciada",
            "planifié",
        ],
    ) {
        Some(State::Planned)
    } else if has_any(
        words,
        &[
            "completed",
            "complete",
            "done",
            "held",
            "closed",
            "finished",
            "sent",
            "received",
            "archived",
            "made",
            "replied",
            "connected",
            "erledigt",
            "abgeschlossen",
            "hecho",
            "завершено",
            "завершен",
            "завершена",
            "выполнено",
            "выполнена",
            "закончено",
            "состоялась",
            "terminée",
            "fait",
            "effectué",
            "realizada",
            "realizado",
            "concluído",
            "concluída",
            "completato",
            "completata",
            "eseguito",
            "voltooid",
            "afgerond",
            "zakończone",
            "wykonane",
            "slutförd",
            "klar",
            "tamamlandı",
            "stattgefunden",
            "durchgeführt",
            "verbunden",
            "完成",
            "已完成",
            "完了",
            "completado",
            "completada",
            "terminé",
            "attended",
            "read",
        ],
    ) {
        Some(State::Done)
    } else {
        None
    }
}

/// Reads what became of a meeting from the mark that a calendar or a person puts before its name:
/// `Declined: Review`, `Canceled event: Demo @ Mon`, `[No show] Review`.
pub(crate) fn marked_state(subject: &str) -> Option<State> {
    let text = subject.trim_start();
    let mark = match text.strip_prefix(['[', '(', '【']) {
        Some(rest) => rest.split([']', ')', '】']).next()?,
        None => text.split_once([':', '：'])?.0,
    };
    let is_of_something = spaced(mark).starts_with(" moved ") && spaced(mark) != " moved ";
    if mark.chars().count() > MARK || is_of_something {
        return None;
    }
    match state(mark)? {
        state @ (State::Declined | State::Moved | State::NoShow) => Some(state),
        // A meeting that was accepted or planned may have taken place or not.
        State::Done | State::Planned | State::Lost => None,
    }
}

/// Reads who began a contact; none where the words say nothing of it.
pub(crate) fn direction(text: &str) -> Option<Direction> {
    let words = spaced(text);
    let words = words.as_str();
    if has_any(
        words,
        &[
            "inbound",
            "incoming",
            "incoming email",
            "in",
            "received",
            "missed",
            "eingehend",
            "eingang",
            "entrante",
            "entrant",
            "entrada",
            "in arrivo",
            "reply from contact",
            "входящий",
            "входящее",
            "входящая",
            "inkommande",
            "inkomend",
            "indgående",
            "przychodzące",
            "przychodząca",
            "recebida",
            "recebido",
            "recibida",
            "recibido",
            "reçu",
            "reçue",
            "entrata",
            "gelen",
            "呼入",
            "着信",
            "受信",
        ],
    ) {
        Some(Direction::In)
    } else if has_any(
        words,
        &[
            "outbound",
            "outgoing",
            "out",
            "sent",
            "email",
            "forwarded",
            "ausgehend",
            "ausgang",
            "saliente",
            "sortant",
            "salida",
            "in uscita",
            "исходящий",
            "исходящее",
            "исходящая",
            "utgående",
            "uitgaand",
            "udgående",
            "wychodzące",
            "wychodząca",
            "efetuada",
            "enviada",
            "enviado",
            "realizada",
            "émis",
            "envoyé",
            "uscita",
            "giden",
            "呼出",
            "発信",
            "送信",
        ],
    ) {
        Some(Direction::Out)
    } else {
        None
    }
}

/// Reads who began a contact from marks that programs put into subjects: `[In]`, `<<`, `>>`.
pub(crate) fn marked_direction(subject: &str) -> Option<Direction> {
    let lower = subject.to_lowercase();
    let begins = |marks: &[&str]| marks.iter().any(|mark| lower.starts_with(mark));
    if lower.contains("[in]")
        || lower.contains("<< ")
        || begins(&[
            "inbound",
            "incoming",
            "received",
            "reply from",
            "email received",
            "email reply",
        ])
    {
        Some(Direction::In)
    } else if lower.contains("[out]")
        || lower.contains(">> ")
        || begins(&["outbound", "outgoing", "email sent", "sent:"])
    {
        Some(Direction::Out)
    } else {
        None
    }
}

/// The name of the document that a subject tells of: without marks of replies.
pub(crate) fn document(subject: &str) -> String {
    let mut text = subject.trim();
    loop {
        let lower = text.to_lowercase();
        let mark = ["re:", "aw:", "fw:", "fwd:", "wg:", "email:", "e-mail:"]
            .iter()
            .find(|mark| lower.starts_with(**mark));
        match mark {
            Some(mark) => text = text[mark.len()..].trim_start(),
            None => return text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_in_the_words_of_the_crms() {
        for (text, kind) in [
            ("Call", Some(Kind::Contact(Channel::Call))),
            ("INCOMING_EMAIL", Some(Kind::Contact(Channel::Email))),
            ("E-Mail", Some(Kind::Contact(Channel::Email))),
            ("Phone Call", Some(Kind::Contact(Channel::Call))),
            ("Appointment", Some(Kind::Contact(Channel::Meeting))),
            ("Product demo", Some(Kind::Contact(Channel::Demo))),
            ("To-do", Some(Kind::Task)),
            ("Note", Some(Kind::Note)),
            ("Anruf", Some(Kind::Contact(Channel::Call))),
            ("Other", None),
            ("Recall", None),
        ] {
            assert_eq!(of_type(text), kind, "{text}");
        }
    }

    #[test]
    fn a_subject_tells_more_than_the_type() {
        let out = Some(Direction::Out);
        for (channel, subject, direction, refined) in [
            (Channel::Meeting, "Demo for the plant", out, Channel::Demo),
            (Channel::Meeting, "POC kick-off", out, Channel::Trial),
            (
                Channel::Meeting,
                "Talk about the quote",
                out,
                Channel::Meeting,
            ),
            (Channel::Email, "Our proposal", out, Channel::Proposal),
            (Channel::Email, "Re: our proposal", out, Channel::Email),
            (
                Channel::Email,
                "Your proposal",
                Some(Direction::In),
                Channel::Email,
            ),
            (Channel::Email, "Quote 4711", out, Channel::Quote),
            (Channel::Call, "About the demo", out, Channel::Call),
        ] {
            assert_eq!(refine(channel, subject, direction), refined, "{subject}");
        }
        assert_eq!(of_subject("Call Kim"), Some(Channel::Call));
        assert_eq!(of_subject("Send the contract"), None);
        assert_eq!(document("Re: FW: Quote 4711"), "Quote 4711");
    }

    #[test]
    fn states_are_read_with_not_before_what_it_denies() {
        for (text, expected) in [
            ("Completed", Some(State::Done)),
            ("Not Started", Some(State::Planned)),
            ("NOT_STARTED", Some(State::Planned)),
            ("Not Held", Some(State::NoShow)),
            ("Held", Some(State::Done)),
            ("RESCHEDULED", Some(State::Moved)),
            ("Canceled", Some(State::Declined)),
            ("Undone", Some(State::Planned)),
            ("Normal", None),
        ] {
            assert_eq!(state(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_calendar_writes_before_the_name_of_a_meeting_is_what_became_of_it() {
        for (subject, expected) in [
            ("Declined: Review of the plan", Some(State::Declined)),
            ("Canceled event: Demo @ Mon 23 Nov", Some(State::Declined)),
            ("Abgelehnt: Vorführung", Some(State::Declined)),
            ("Abgesagt: Vorführung", Some(State::Declined)),
            ("Refusé : Réunion", Some(State::Declined)),
            ("Rechazado: Demo", Some(State::Declined)),
            ("[No show] Review", Some(State::NoShow)),
            ("No show: Review", Some(State::NoShow)),
            ("Rescheduled: Review", Some(State::Moved)),
            ("New Time Proposed: Review", Some(State::Moved)),
            ("Accepted: Review", None),
            ("Moved to the cloud: Review", None),
            ("Review: why the last one was declined", None),
            ("What we do when a meeting is declined: a talk", None),
            ("Review", None),
        ] {
            assert_eq!(marked_state(subject), expected, "{subject}");
        }
    }

    #[test]
    fn directions_are_read_from_columns_and_from_marks() {
        for (text, expected) in [
            ("Inbound", Some(Direction::In)),
            ("INCOMING_EMAIL", Some(Direction::In)),
            ("EMAIL", Some(Direction::Out)),
            ("Outgoing", Some(Direction::Out)),
            ("Missed", Some(Direction::In)),
            ("Internal", None),
        ] {
            assert_eq!(direction(text), expected, "{text}");
        }
        assert_eq!(
            marked_direction("[Outreach] [Email] [In] Re: x"),
            Some(Direction::In)
        );
        assert_eq!(marked_direction("Email: >> x"), Some(Direction::Out));
        assert_eq!(marked_direction("Re: x"), None);
    }
}
