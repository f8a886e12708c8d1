use std::time::Duration;

use thunderline::domain::{CommunityId, CommunitySummary, search::Found};
use tokio::time::Instant;

use super::company::{Cast, Company};
use crate::{
    client::Client,
    failure::Result,
    ground::Ground,
    latency::Latency,
    options::Search,
    report::{Bound, Report},
    texts::Texts,
};

const NAME: &str = "search";
/// How many messages there are at first: what a short history costs.
const FEW: u32 = 1_000;
/// Said in every tenth message or so of any English conversation.
const COMMON: &str = "the";

/// What people look for, in a short history and in a long one.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Search) -> Result<()> {
    let cast = Cast { posters: 16, onlookers: 1, rooms: 4, watchers: 0, bytes: None, number: 70 };
    let mut company = Company::gather(ground, cast).await?;
    let elsewhere = elsewhere(&mut company).await?;
    let length = Duration::from_secs(ground.place().seconds.into());
    let mut before = None;
    for messages in [FEW, options.history.max(FEW)] {
        let missing = messages - before.map_or(0, |(messages, _)| messages);
        let began = Instant::now();
        company.fill(missing).await?;
        println!("  {NAME}: {missing} messages posted in {:.0} s", began.elapsed().as_secs_f64());
        let mut seeker = Seeker::new(&company, ground.texts(), length);
        let said = seeker.seek(report, messages, "words people use", Texts::sought).await?;
        let oldest = company.board.word(0);
        let oldest = oldest[..oldest.len() - 4].to_owned();
        seeker.seek(report, messages, "a word of one message", |texts| company.board.word(texts.below(FEW))).await?;
        seeker.seek(report, messages, "a common word", |_| COMMON.to_owned()).await?;
        seeker.seek(report, messages, "the oldest ten thousand", |_| oldest.clone()).await?;
        seeker.community.clone_from(&elsewhere);
        let hidden = seeker.seek(report, messages, "a common word, nothing visible", |_| COMMON.to_owned()).await?;
        let (median, tail) = (said.percentile(50.0), said.percentile(99.0));
        if let Some((_, few)) = before {
            let bounds = [(10.0, 1.0), (60.0, 10.0), (200.0, 50.0)]
                .map(|(floor, aim)| (Bound::AtMost(floor), Bound::AtMost(aim)));
            for (what, value, (floor, aim)) in [
                ("words people use, p50", median, bounds[0]),
                ("words people use, p99", tail, bounds[1]),
                ("a common word, nothing visible, p99", hidden.percentile(99.0), bounds[2]),
            ] {
                report.hold(NAME, format!("{what}, of {messages}"), (value, "ms"), floor, aim);
            }
            report.note(NAME, format!("{messages} messages against {FEW}, p50"), median / few, "×");
        }
        before = Some((messages, median));
    }
    company.audit(NAME, report).await
}

/// A community in which nothing was said, of the person who searches.
async fn elsewhere(company: &mut Company) -> Result<String> {
    let slug = format!("{}-apart", company.stage.slug);
    let id = CommunityId::fresh().to_string();
    let fields = [("id", id.as_str()), ("name", "Apart"), ("slug", &slug), ("public", "true")];
    Ok(company.stage.people[0].call::<CommunitySummary>("create_community", &fields).await?.slug)
}

/// Somebody who searches, one thing after the other.
struct Seeker {
    client: Client,
    community: String,
    texts: Texts,
    length: Duration,
}

impl Seeker {
    fn new(company: &Company, texts: Texts, length: Duration) -> Self {
        Self { client: company.stage.people[0].again(), community: company.stage.slug.clone(), texts, length }
    }

    /// Looks for one thing after the other, and says how long it took.
    async fn seek(
        &mut self,
        report: &mut Report,
        messages: u32,
        what: &str,
        mut sought: impl FnMut(&mut Texts) -> String,
    ) -> Result<Latency> {
        let mut times = Latency::default();
        let (began, mut hits) = (Instant::now(), 0);
        while began.elapsed() < self.length {
            let q = sought(&mut self.texts);
            let asked = Instant::now();
            let fields = [("community", self.community.as_str()), ("q", &q)];
            hits += self.client.call::<Found>("search_messages", &fields).await?.hits.len();
            times.record(asked.elapsed());
        }
        report.note(NAME, format!("{what}, of {messages}, p50"), times.percentile(50.0), "ms");
        report.note(NAME, format!("{what}, of {messages}, p99"), times.percentile(99.0), "ms");
        println!("  {NAME}: {what}: {} searches found {hits}", times.count());
        Ok(times)
    }
}
