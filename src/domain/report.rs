//! What a clinic wants to know about its consents, in numbers: from the histories of all conversations, one after the
//! other, to one [`Report`].
//!
//! Every figure is defined here, at its field. Two kinds of figures stand side by side: what holds *now*, over the whole
//! record, and what happened *in a time*, by the week of the clinic's time zone in which it happened.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;

use super::consent::{OpenReview, State, fold};
use super::history::{Entry, StaffDecision, What};
use super::private::Private;
use super::reply::Decision;

/// The longest quiet time whose weeks are listed too, in weeks. A longer one is a pause, or some item has a time that
/// cannot be right; the names of the weeks show it.
const MAX_QUIET_WEEKS: i64 = 12;

/// Builds a [`Report`], a conversation at a time.
pub struct Tally {
    now: Timestamp,
    time: Range<Timestamp>,
    zone: TimeZone,
    holds: Holds,
    weeks: BTreeMap<Date, Figures>,
    agreement: Agreement,
    rules: BTreeMap<(String, String, &'static str), Answers>,
    waiting: Vec<Waiting>,
}

/// The numbers.
pub struct Report {
    /// What holds now, in all conversations, whatever time is asked for.
    pub now: Holds,
    /// What happened in the time asked for.
    pub total: Figures,
    /// The same by week, oldest first, without gaps but for long quiet times.
    pub weeks: Vec<Week>,
    /// The rules' readings against staff's decisions made in the time asked for.
    pub agreement: Agreement,
    /// The rules about whose readings staff decided in that time: the most overruled first, then the most decided about.
    pub rules: Vec<Rule>,
    /// The open reviews, the longest waiting first.
    pub waiting: Vec<Waiting>,
}

/// What holds now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holds {
    /// Conversations of which the status says something: there is a reply, or a decision by staff.
    pub conversations: u32,
    /// A consent is in force.
    pub consented: u32,
    /// A refusal is in force.
    pub declined: u32,
    /// Nothing is decided.
    pub needs_review: u32,
    /// The patient wants no more texts at all.
    pub opted_out: u32,
    /// Replies that wait for staff.
    pub open_reviews: OpenReviews,
}

/// Replies that wait for staff, by how long ago they came in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenReviews {
    /// All of them.
    pub total: u32,
    /// For less than 24 hours.
    pub under_one_day: u32,
    /// For 24 hours and more, but less than 3 times 24.
    pub one_to_three_days: u32,
    /// For 3 times 24 hours and more, but less than 7 times 24.
    pub three_to_seven_days: u32,
    /// For longer.
    pub over_seven_days: u32,
    /// How long the oldest waits, in whole hours; `null` if none does.
    pub oldest_hours: Option<i64>,
}

/// What happened in a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Requests: outbound items of which at least one version asks for consent, by the time of the item. One that was
    /// deleted later was sent all the same.
    pub requests: u32,
    /// Those of them with a response: a reply of any kind in the conversation, written after the request and no later
    /// than the latest `ExpiresAt` that the request has. Two requests before one reply are both answered by it.
    pub answered: u32,
    /// Those without, which may still be answered now.
    pub unanswered_yet: u32,
    /// `answered` of `requests`: 0 to 1; `null` if there are no requests.
    pub response_rate: Option<f64>,
    /// From a request to the first reply that answers it: the median over the answered ones, in minutes; `null` if there
    /// are none. Of an even number, the lower of the two in the middle.
    pub median_answer_minutes: Option<i64>,
    /// Replies: inbound items, by the time of the item, those that were edited or deleted among them.
    pub replies: u32,
    /// Those of them whose first known text the rules read as a consent, whether it took effect or not.
    pub read_as_consent: u32,
    /// Whose first known text they read as a refusal.
    pub read_as_decline: u32,
    /// Whose first known text they left to staff.
    pub read_as_unclear: u32,
    /// Consents in effect now that began in this time, by the status's `DecidedAt`.
    pub consents: u32,
    /// Refusals in effect now that began in this time, by the status's `DecidedAt`.
    pub declines: u32,
    /// Decisions by staff, by the time of the decision.
    pub staff_decisions: u32,
    #[serde(skip)]
    answer_minutes: Vec<i64>,
}

/// A week, Monday to Sunday in the clinic's time zone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// Its ISO 8601 name, such as `2026-W47`.
    pub week: String,
    /// Its first day.
    pub monday: Date,
    /// What happened in it.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What the rules read in a reply, against what staff decided about it. The rules' reading is that of the newest text
/// that was recorded before the decision: what staff had before them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// The rules read a consent.
    pub consent: Answers,
    /// The rules read a refusal.
    pub decline: Answers,
    /// The rules left it to staff.
    pub unclear: Answers,
    /// Decisions about no reply: said on the phone, on paper.
    pub without_reply: u32,
    /// Of the decisions about replies that the rules had read as a consent or a refusal, the part that says the same: 0
    /// to 1; `null` if there are none.
    pub rate: Option<f64>,
}

/// How often staff decided what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// The patient consents.
    pub consent: u32,
    /// The patient declines.
    pub decline: u32,
    /// There is nothing to decide.
    pub ignore: u32,
}

/// A rule, and what staff made of the replies that it read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its name.
    pub rule: String,
    /// The version of the rules (`RulesVersion`) in which it read so.
    pub rules_version: String,
    /// What it read: `consent`, `decline` or `unclear`.
    pub read_as: &'static str,
    /// What staff decided.
    pub staff: Answers,
    /// How often staff decided otherwise: anything but what the rule read. A rule that leaves replies to staff cannot be
    /// overruled.
    pub overruled: u32,
}

/// A reply that waits for staff. The only part of a report with a patient in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Since when: when it came in, or, where nobody knows that, when it was written.
    pub since: Timestamp,
    /// Who wrote it, as far as known.
    pub patient_name: Private,
    /// E.164, empty if not known.
    pub phone: Private,
    /// Why it waits.
    pub reason: String,
    /// Where.
    pub conversation_id: String,
    /// Which item.
    pub item_id: String,
}

impl Tally {
    /// Begins with nothing. `now` is for the age of what waits; `time` is the time asked for, its end not included.
    pub fn new(now: Timestamp, time: Range<Timestamp>, zone: TimeZone) -> Self {
        Self {
            now,
            time,
            zone,
            holds: Holds::default(),
            weeks: BTreeMap::new(),
            agreement: Agreement::default(),
            rules: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    /// Adds one conversation: all its entries, each with the `RulesVersion` of its row.
    pub fn add(&mut self, rows: Vec<(Entry, String)>) {
        let (entries, versions): (Vec<Entry>, Vec<String>) = rows.into_iter().unzip();
        let folded = fold(&entries);
        if let Some(status) = &folded.status {
            self.holds.conversations += 1;
            self.holds.opted_out += u32::from(status.opted_out);
            match status.state {
                State::Consented => self.holds.consented += 1,
                State::Declined => self.holds.declined += 1,
                State::NeedsReview => self.holds.needs_review += 1,
            }
            if let Some(figures) = status.decided_at.and_then(|at| self.week(at)) {
                match status.state {
                    State::Consented => figures.consents += 1,
                    State::Declined => figures.declines += 1,
                    State::NeedsReview => {}
                }
            }
        }
        for review in folded.reviews {
            self.add_review(&entries, review);
        }
        let items = Items::read(&entries, &versions);
        for text in items.replies.values().filter_map(|texts| texts.first()) {
            let decision = text.decision;
            let Some(figures) = self.week(text.created_at) else { continue };
            figures.replies += 1;
            match decision {
                Decision::Consent => figures.read_as_consent += 1,
                Decision::Decline => figures.read_as_decline += 1,
                Decision::Unclear => figures.read_as_unclear += 1,
            }
        }
        let mut written: Vec<Timestamp> = items.replies.values().flatten().map(|text| text.created_at).collect();
        written.sort_unstable();
        for request in items.requests.values() {
            let Some(expires_at) = request.expires_at else { continue };
            let now = self.now;
            let Some(figures) = self.week(request.created_at) else { continue };
            figures.requests += 1;
            let first_after = written.get(written.partition_point(|at| *at <= request.created_at));
            match first_after.filter(|at| **at <= expires_at) {
                Some(answer) => {
                    figures.answered += 1;
                    figures.answer_minutes.push(answer.duration_since(request.created_at).as_mins());
                }
                None => figures.unanswered_yet += u32::from(expires_at >= now),
            }
        }
        for entry in &entries {
            if let What::Review { decision, .. } = entry.what {
                self.add_decision(entry, decision, &items);
            }
        }
    }

    /// The report on what was added.
    pub fn report(mut self) -> Report {
        self.waiting.sort_by(|one, other| (one.since, &one.item_id).cmp(&(other.since, &other.item_id)));
        let reviews = &mut self.holds.open_reviews;
        reviews.oldest_hours = self.waiting.first().map(|oldest| self.now.duration_since(oldest.since).as_hours());
        let mut total = Figures::default();
        for figures in self.weeks.values() {
            total.add(figures);
        }
        total.close();
        let Agreement { consent, decline, .. } = &self.agreement;
        self.agreement.rate = part(consent.consent + decline.decline, consent.total() + decline.total());
        let mut rules: Vec<Rule> = self.rules.into_iter().map(Rule::new).collect();
        // Stable: equal ones stay in the order of their names.
        rules.sort_by_key(|rule| std::cmp::Reverse((rule.overruled, rule.staff.total())));
        Report {
            now: self.holds,
            total,
            weeks: without_gaps(self.weeks),
            agreement: self.agreement,
            rules,
            waiting: self.waiting,
        }
    }

    /// The figures of the week of a time, if that time is asked for.
    fn week(&mut self, at: Timestamp) -> Option<&mut Figures> {
        if !self.time.contains(&at) {
            return None;
        }
        let date = at.to_zoned(self.zone.clone()).date();
        let monday = date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).unwrap_or(date);
        Some(self.weeks.entry(monday).or_default())
    }

    fn add_review(&mut self, entries: &[Entry], review: OpenReview) {
        const DAY: SignedDuration = SignedDuration::from_hours(24);
        let since = review.received_at.unwrap_or(review.created_at);
        let reviews = &mut self.holds.open_reviews;
        reviews.total += 1;
        match self.now.duration_since(since) {
            age if age < DAY => reviews.under_one_day += 1,
            age if age < DAY * 3 => reviews.one_to_three_days += 1,
            age if age < DAY * 7 => reviews.three_to_seven_days += 1,
            _ => reviews.over_seven_days += 1,
        }
        self.waiting.push(Waiting {
            since,
            patient_name: review.patient.name,
            phone: review.patient.phone,
            reason: review.reason,
            conversation_id: entries.first().map(|entry| entry.conversation_id.clone()).unwrap_or_default(),
            item_id: review.item_id,
        });
    }

    fn add_decision(&mut self, entry: &Entry, decision: StaffDecision, items: &Items<'_>) {
        let Some(figures) = self.week(entry.created_at) else { return };
        figures.staff_decisions += 1;
        let texts = items.replies.get(entry.item_id.as_str());
        let read = texts.and_then(|texts| {
            texts.iter().rev().find(|text| text.recorded_at <= entry.created_at).or_else(|| texts.first())
        });
        let Some(read) = read else {
            self.agreement.without_reply += 1;
            return;
        };
        let answers = match read.decision {
            Decision::Consent => &mut self.agreement.consent,
            Decision::Decline => &mut self.agreement.decline,
            Decision::Unclear => &mut self.agreement.unclear,
        };
        answers.count(decision);
        let rule = (read.rule.to_owned(), read.rules_version.to_owned(), read.decision.as_str());
        self.rules.entry(rule).or_default().count(decision);
    }
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.answered += other.answered;
        self.unanswered_yet += other.unanswered_yet;
        self.replies += other.replies;
        self.read_as_consent += other.read_as_consent;
        self.read_as_decline += other.read_as_decline;
        self.read_as_unclear += other.read_as_unclear;
        self.consents += other.consents;
        self.declines += other.declines;
        self.staff_decisions += other.staff_decisions;
        self.answer_minutes.extend(&other.answer_minutes);
    }

    /// Takes rate and median, when everything is there.
    fn close(&mut self) {
        self.response_rate = part(self.answered, self.requests);
        self.answer_minutes.sort_unstable();
        let middle = self.answer_minutes.len().saturating_sub(1) / 2;
        self.median_answer_minutes = self.answer_minutes.get(middle).copied();
        self.answer_minutes = Vec::new();
    }
}

impl Answers {
    /// All of them.
    pub const fn total(&self) -> u32 {
        self.consent + self.decline + self.ignore
    }

    const fn count(&mut self, decision: StaffDecision) {
        match decision {
            StaffDecision::Consent => self.consent += 1,
            StaffDecision::Decline => self.decline += 1,
            StaffDecision::Ignore => self.ignore += 1,
        }
    }
}

impl Rule {
    fn new(((rule, rules_version, read_as), staff): ((String, String, &'static str), Answers)) -> Self {
        let overruled = match Decision::parse(read_as) {
            Some(Decision::Consent) => staff.total() - staff.consent,
            Some(Decision::Decline) => staff.total() - staff.decline,
            Some(Decision::Unclear) | None => 0,
        };
        Self { rule, rules_version, read_as, staff, overruled }
    }
}

/// A conversation's items, by id.
#[derive(Default)]
struct Items<'a> {
    /// The texts of each reply, oldest first.
    replies: BTreeMap<&'a str, Vec<Text<'a>>>,
    requests: BTreeMap<&'a str, Request>,
}

/// A text of a reply, and how the rules read it.
struct Text<'a> {
    /// When the item was created.
    created_at: Timestamp,
    /// When this text was written.
    written_at: Timestamp,
    recorded_at: Timestamp,
    decision: Decision,
    rule: &'a str,
    rules_version: &'a str,
}

struct Request {
    created_at: Timestamp,
    /// The latest; `None` if no version asks.
    expires_at: Option<Timestamp>,
}

impl<'a> Items<'a> {
    fn read(entries: &'a [Entry], versions: &'a [String]) -> Self {
        let mut items = Self::default();
        for (entry, rules_version) in entries.iter().zip(versions) {
            match &entry.what {
                What::Reply { verdict, .. } | What::EditedReply { verdict, .. } => {
                    items.replies.entry(&entry.item_id).or_default().push(Text {
                        created_at: entry.created_at,
                        written_at: entry.happened_at(),
                        recorded_at: entry.recorded_at,
                        decision: verdict.decision,
                        rule: &verdict.rule,
                        rules_version,
                    });
                }
                What::Request { expires_at, .. } => items.add_request(entry, Some(*expires_at)),
                What::EditedRequest { expires_at, .. } => items.add_request(entry, *expires_at),
                What::Deleted
                | What::Restored
                | What::Match(_)
                | What::Context { .. }
                | What::Review { .. }
                | What::Confirmation { .. } => {}
            }
        }
        for texts in items.replies.values_mut() {
            texts.sort_by_key(|text| (text.written_at, text.recorded_at));
        }
        items
    }

    fn add_request(&mut self, entry: &'a Entry, expires_at: Option<Timestamp>) {
        let request = Request { created_at: entry.created_at, expires_at };
        let known = self.requests.entry(&entry.item_id).or_insert(request);
        known.created_at = known.created_at.min(entry.created_at);
        known.expires_at = known.expires_at.max(expires_at);
    }
}

fn part(some: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(some) / f64::from(all))
}

fn without_gaps(mut weeks: BTreeMap<Date, Figures>) -> Vec<Week> {
    let mondays: Vec<Date> = weeks.keys().copied().collect();
    for (before, after) in mondays.iter().zip(mondays.iter().skip(1)) {
        if before.duration_until(*after) <= SignedDuration::from_hours((MAX_QUIET_WEEKS + 1) * 7 * 24) {
            for quiet in before.series(1.week()).skip(1).take_while(|monday| monday < after) {
                weeks.insert(quiet, Figures::default());
            }
        }
    }
    let named = weeks.into_iter().map(|(monday, mut figures)| {
        figures.close();
        let iso = monday.iso_week_date();
        Week { week: format!("{}-W{:02}", iso.year(), iso.week()), monday, figures }
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::{MatchStatus, Origin, Patient};
    use crate::domain::reply::Verdict;

    /// A Monday, 06:00 in Chicago.
    const START: &str = "2026-11-16T12:00:00Z";

    fn hour(hour: i64) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hour)
    }

    /// An entry about the item created at hour `created`, for something that happened at hour `at`.
    fn entry(created: i64, at: i64, what: What) -> Entry {
        Entry {
            conversation_id: "t_1".to_owned(),
            item_id: created.to_string(),
            created_at: hour(created),
            modified_at: (at != created).then_some(hour(at)),
            recorded_at: hour(at),
            origin: Origin::default(),
            what,
        }
    }

    fn ask(at: i64) -> Entry {
        entry(at, at, What::Request { text: "do you consent?".into(), expires_at: hour(at + 30) })
    }

    fn verdict(decision: Decision) -> Verdict {
        let rule = format!("rule-{}", decision.as_str());
        Verdict { decision, explicit: true, opt_out: false, rule: rule.into(), reason: "".into() }
    }

    fn patient() -> Patient {
        Patient { status: MatchStatus::Matched, name: "Ada".into(), ..Patient::default() }
    }

    fn says(at: i64, decision: Decision) -> Entry {
        let (verdict, patient) = (verdict(decision), patient());
        entry(at, at, What::Reply { text: "words".into(), verdict, needs_no_request: false, patient })
    }

    fn edits(at: i64, item: i64, decision: Decision) -> Entry {
        let (verdict, patient) = (verdict(decision), patient());
        entry(item, at, What::EditedReply { text: "other words".into(), verdict, needs_no_request: false, patient })
    }

    fn staff(at: i64, item: &str, decision: StaffDecision) -> Entry {
        let what = What::Review { decision, reviewed_by: "Kim".into(), note: Private::default() };
        Entry { item_id: item.to_owned(), ..entry(at, at, what) }
    }

    fn report_in(time: Range<Timestamp>, zone: TimeZone, conversations: &[&[Entry]]) -> Report {
        let mut tally = Tally::new(hour(200), time, zone);
        for entries in conversations {
            tally.add(entries.iter().map(|entry| (entry.clone(), "2".to_owned())).collect());
        }
        tally.report()
    }

    fn report(conversations: &[&[Entry]]) -> Report {
        report_in(Timestamp::MIN..hour(200), TimeZone::UTC, conversations)
    }

    #[test]
    fn an_answer_is_any_reply_within_the_window() {
        let no_request = entry(0, 5, What::EditedRequest { text: "never mind".into(), expires_at: None });
        let yes = |at| says(at, Decision::Consent);
        for (name, entries, counts) in [
            ("no request", &[yes(1)][..], (0, 0)),
            ("no answer", &[ask(0)], (1, 0)),
            ("in the last moment", &[ask(0), yes(30)], (1, 1)),
            ("too late", &[ask(0), yes(31)], (1, 0)),
            ("before it was asked", &[yes(0), ask(1)], (1, 0)),
            ("a question is an answer too", &[ask(0), says(2, Decision::Unclear)], (1, 1)),
            ("one reply answers both", &[ask(0), ask(1), yes(2)], (2, 2)),
            ("one of two", &[ask(0), ask(40), yes(41)], (2, 1)),
            ("deleted afterwards", &[ask(0), entry(0, 3, What::Deleted), yes(2)], (1, 1)),
            ("asked in one of its versions", &[ask(0), no_request.clone(), yes(2)], (1, 1)),
            ("known by a version that asks nothing", &[no_request.clone(), yes(2)], (0, 0)),
        ] {
            let total = report(&[entries]).total;
            assert_eq!((total.requests, total.answered), counts, "{name}");
        }
        let open = report(&[&[ask(180)], &[ask(0)]]).total;
        assert_eq!((open.unanswered_yet, open.response_rate), (1, Some(0.0)));
    }

    #[test]
    fn the_median_is_one_of_the_times() {
        let answered_after = |hours: i64| [ask(0), says(hours, Decision::Consent)];
        let [one, two, nine] = [1, 2, 9].map(answered_after);
        assert_eq!(report(&[]).total.median_answer_minutes, None);
        assert_eq!(report(&[&nine]).total.median_answer_minutes, Some(540));
        assert_eq!(report(&[&nine, &one]).total.median_answer_minutes, Some(60));
        assert_eq!(report(&[&nine, &one, &two]).total.median_answer_minutes, Some(120));
    }

    #[test]
    fn weeks_are_the_clinics_and_without_gaps() {
        let replies = [says(-7, Decision::Unclear), says(-5, Decision::Decline), says(170, Decision::Consent)];
        let zone = TimeZone::get("America/Chicago").unwrap();
        let weeks = |time| -> Vec<String> {
            let report = report_in(time, zone.clone(), &[&replies]);
            report.weeks.iter().map(|week| format!("{} {}", week.week, week.figures.replies)).collect()
        };
        // Seven hours before Monday 06:00 is Sunday; five hours before is Monday, 01:00.
        assert_eq!(weeks(Timestamp::MIN..hour(200)), ["2026-W46 1", "2026-W47 1", "2026-W48 1"]);
        assert_eq!(weeks(hour(-7)..hour(170)), ["2026-W46 1", "2026-W47 1"]);
        assert_eq!(weeks(hour(-6)..hour(-5)), Vec::<String>::new());
        let gap = [says(0, Decision::Unclear), says(24 * 21, Decision::Unclear)];
        let report = report_in(Timestamp::MIN..Timestamp::MAX, zone.clone(), &[&gap]);
        assert_eq!(report.weeks.iter().map(|week| week.figures.replies).collect::<Vec<_>>(), [1, 0, 0, 1]);
        for (quiet, listed) in [(12, 14), (13, 2), (20_000, 2)] {
            let long_ago = says(-24 * 7 * (quiet + 1), Decision::Unclear);
            let report =
                report_in(Timestamp::MIN..Timestamp::MAX, zone.clone(), &[&[long_ago, says(0, Decision::Unclear)]]);
            assert_eq!(report.weeks.len(), listed, "{quiet} quiet weeks");
        }
    }

    #[test]
    fn what_holds_now_is_the_folds_and_begins_in_its_week() {
        let yes = [ask(0), says(1, Decision::Consent)];
        let withdrawn = [ask(0), says(1, Decision::Consent), says(100, Decision::Decline)];
        let open = [ask(0), says(1, Decision::Unclear)];
        let report = report_in(hour(50)..hour(200), TimeZone::UTC, &[&yes, &withdrawn, &open, &[ask(0)]]);
        let Holds { conversations, consented, declined, needs_review, .. } = report.now;
        assert_eq!((conversations, consented, declined, needs_review), (3, 1, 1, 1));
        assert_eq!(
            (report.total.consents, report.total.declines),
            (0, 1),
            "the consent began before the time asked for"
        );
    }

    #[test]
    fn reviews_by_age() {
        // Now is hour 200.
        let open = |at| [says(at, Decision::Unclear)];
        let conversations = [200, 177, 176, 129, 128, 33, 32].map(open);
        let report = report(&conversations.each_ref().map(<[Entry; 1]>::as_slice));
        let reviews = &report.now.open_reviews;
        let OpenReviews { under_one_day, one_to_three_days, three_to_seven_days, over_seven_days, .. } = *reviews;
        assert_eq!((under_one_day, one_to_three_days, three_to_seven_days, over_seven_days), (2, 2, 2, 1));
        assert_eq!((reviews.total, reviews.oldest_hours), (7, Some(168)));
        assert!(report.waiting.is_sorted_by_key(|waiting| waiting.since));
    }

    #[test]
    fn staff_and_the_rules() {
        use StaffDecision::{Consent, Decline, Ignore};
        let report = report(&[
            &[says(1, Decision::Unclear), staff(2, "1", Consent), staff(3, "", Decline)],
            &[says(1, Decision::Consent), staff(2, "1", Decline)],
            &[says(1, Decision::Consent), staff(2, "1", Ignore)],
            &[says(1, Decision::Consent), staff(2, "1", Consent)],
            // What was changed after they decided, they had not read.
            &[says(1, Decision::Unclear), staff(5, "1", Ignore), edits(6, 1, Decision::Consent)],
            &[says(1, Decision::Unclear), edits(4, 1, Decision::Decline), staff(5, "1", Decline)],
        ]);
        let Agreement { consent, decline, unclear, without_reply, rate } = report.agreement;
        assert_eq!(consent, Answers { consent: 1, decline: 1, ignore: 1 });
        assert_eq!(decline, Answers { consent: 0, decline: 1, ignore: 0 });
        assert_eq!(unclear, Answers { consent: 1, decline: 0, ignore: 1 });
        assert_eq!((without_reply, rate), (1, Some(0.5)));
        let rules: Vec<_> = report.rules.iter().map(|rule| (rule.rule.as_str(), rule.overruled)).collect();
        assert_eq!(rules, [("rule-consent", 2), ("rule-unclear", 0), ("rule-decline", 0)]);
        assert_eq!(report.total.staff_decisions, 7);
    }
}
