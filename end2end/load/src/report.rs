use std::{fmt::Write as _, fs, path::Path};

use serde::Serialize;

use crate::{failure::Result, findings::Findings, machine::Machine};

/// A count, as figures are.
#[expect(clippy::cast_precision_loss, reason = "no run counts to 2⁵³")]
pub const fn count(count: u64) -> f64 {
    count as f64
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Bound {
    /// Not less than this.
    AtLeast(f64),
    /// Not more than this.
    AtMost(f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", number(bound)),
            Self::AtMost(bound) => format!("≤ {}", number(bound)),
        }
    }
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    scenario: &'static str,
    figure: String,
    value: f64,
    unit: &'static str,
    floor: Option<Bound>,
    aim: Option<Bound>,
}

/// Everything a run says at its end.
#[derive(Debug, Serialize)]
pub struct Report {
    machine: Machine,
    database: String,
    durability: String,
    seed: u64,
    placed: String,
    texts: String,
    rows: Vec<Row>,
    broken: u64,
}

impl Report {
    /// An empty one: the database, what an acknowledgement survives, the seed, which cores were whose, what was sent.
    pub fn new(database: &str, durability: &str, seed: u64, placed: &str, texts: &str) -> Self {
        let report = Self {
            machine: Machine::here(),
            database: database.to_owned(),
            durability: durability.to_owned(),
            seed,
            placed: placed.to_owned(),
            texts: texts.to_owned(),
            rows: Vec::new(),
            broken: 0,
        };
        println!("{}", report.heading());
        report
    }

    /// Adds a figure that is held against nothing.
    pub fn note(&mut self, scenario: &'static str, figure: impl Into<String>, value: f64, unit: &'static str) {
        self.add(Row { scenario, figure: figure.into(), value, unit, floor: None, aim: None });
    }

    /// Adds a figure that has a floor and an aim.
    pub fn hold(
        &mut self,
        scenario: &'static str,
        figure: impl Into<String>,
        (value, unit): (f64, &'static str),
        floor: Bound,
        aim: Bound,
    ) {
        self.add(Row { scenario, figure: figure.into(), value, unit, floor: Some(floor), aim: Some(aim) });
    }

    /// Adds a figure that has only an aim.
    pub fn aim(
        &mut self,
        scenario: &'static str,
        figure: impl Into<String>,
        (value, unit): (f64, &'static str),
        aim: Bound,
    ) {
        self.add(Row { scenario, figure: figure.into(), value, unit, floor: None, aim: Some(aim) });
    }

    /// Adds a promise and how often it was broken.
    pub fn promise(&mut self, scenario: &'static str, promise: impl Into<String>, broken: u64) {
        self.broken += broken;
        self.hold(scenario, promise, (count(broken), ""), Bound::AtMost(0.0), Bound::AtMost(0.0));
    }

    /// Adds what an audit found.
    pub fn audit(&mut self, scenario: &'static str, findings: &Findings) {
        println!("  {scenario}: audit of {findings}");
        self.broken += findings.total();
        let (broken, looked_at) = (count(findings.total()), count(findings.looked_at));
        self.note(scenario, "acknowledged posts looked up", looked_at, "");
        self.hold(scenario, "promises broken", (broken, ""), Bound::AtMost(0.0), Bound::AtMost(0.0));
    }

    /// Whether every audit came out clean.
    pub const fn is_clean(&self) -> bool {
        self.broken == 0
    }

    /// Writes the report as JSON.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write(path, serde_json::to_string_pretty(self)?)?;
        Ok(())
    }

    /// The report as a table.
    pub fn table(&self) -> String {
        let mut table = format!("\n{}\n\n", self.heading());
        table += "| scenario | figure | measured | floor | aim | |\n| --- | --- | ---: | ---: | ---: | --- |\n";
        for row in &self.rows {
            let bound = |bound: Option<Bound>| bound.map_or_else(String::new, Bound::text);
            let _ = writeln!(
                table,
                "| {} | {} | {} {} | {} | {} | {} |",
                row.scenario,
                row.figure,
                number(row.value),
                row.unit,
                bound(row.floor),
                bound(row.aim),
                verdict(row)
            );
        }
        table
    }

    fn add(&mut self, row: Row) {
        println!("  {}: {} = {} {} {}", row.scenario, row.figure, number(row.value), row.unit, verdict(&row));
        self.rows.push(row);
    }

    fn heading(&self) -> String {
        let Machine { cores, processor, kernel } = &self.machine;
        let (database, durability, seed, texts) = (&self.database, &self.durability, self.seed, &self.texts);
        let placed = &self.placed;
        format!(
            "{cores} cores of {processor}, Linux {kernel}, {placed}\n{database}, {durability}\nseed {seed}, {texts}"
        )
    }
}

fn verdict(row: &Row) -> &'static str {
    let holds = |bound: Option<Bound>| bound.map(|bound| bound.holds(row.value));
    match (holds(row.floor), holds(row.aim)) {
        (_, Some(true)) => "aim reached",
        (Some(true), _) => "floor held",
        (Some(false), _) => "MISSED",
        (None, Some(false)) => "short of the aim",
        _ => "",
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract().abs() < 1e-9 {
        let digits = format!("{value:.0}");
        let negative = digits.starts_with('-');
        let digits = digits.trim_start_matches('-');
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if negative { format!("-{text}") } else { text }
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_floor_is_said_aloud() {
        let row = |value| Row {
            scenario: "posts",
            figure: String::new(),
            value,
            unit: "/s",
            floor: Some(Bound::AtLeast(3_000.0)),
            aim: Some(Bound::AtLeast(6_000.0)),
        };
        assert_eq!(
            [2_999.0, 3_000.0, 6_000.0].map(|value| verdict(&row(value))),
            ["MISSED", "floor held", "aim reached"]
        );
    }

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!([0.0, 1.5, 999.4, 1_234_567.0].map(number), ["0", "1.50", "999", "1,234,567"]);
    }
}
