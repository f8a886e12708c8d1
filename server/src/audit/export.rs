use std::io::{BufWriter, Write};

use thunderline::{
    audit::Line,
    domain::audit::AuditEntry,
    store::{Store, audits::chain},
};

use super::{AuditError, Export};

/// How many entries are in memory at once.
const PAGE: i64 = 1_000;

/// Writes what was sealed and is wanted. Answers how many entries are not sealed yet.
pub async fn export(store: &Store, wanted: &Export, to: Box<dyn Write + Send>) -> Result<i64, AuditError> {
    let &Export { since, until, correlation, .. } = wanted;
    let fits = move |entry: &AuditEntry| {
        since.is_none_or(|since| entry.at >= since)
            && until.is_none_or(|until| entry.at < until)
            && correlation.is_none_or(|wanted| entry.correlation == wanted)
    };
    store
        .read_long(move |conn| {
            Box::pin(async move {
                let (mut to, mut from) = (BufWriter::new(to), i64::MIN);
                loop {
                    let page = chain::after(conn, from, PAGE).await?;
                    let Some(last) = page.last().and_then(|last| last.entry.number) else { break };
                    from = last;
                    for line in page.iter().filter(|sealed| fits(&sealed.entry)).filter_map(Line::of) {
                        write(&mut to, &line).map_err(|cause| AuditError::File { path: None, cause })?;
                    }
                }
                to.flush().map_err(|cause| AuditError::File { path: None, cause })?;
                Ok(chain::backlog(conn).await?.many)
            })
        })
        .await
}

/// One line.
pub(super) fn write(to: &mut impl Write, line: &Line) -> std::io::Result<()> {
    let mut text = serde_json::to_string(line).map_err(std::io::Error::other)?;
    text.push('\n');
    to.write_all(text.as_bytes())
}
