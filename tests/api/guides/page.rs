//! The exchanges that a page of Markdown shows in its `http` blocks, and the time that passes between them.

/// One step of a guide.
pub(super) enum Step {
    /// Minutes go by: `<!-- 30 minutes later -->`.
    Wait(i64),
    /// Somebody asks and is answered.
    Exchange(Exchange),
}

/// A request with the answer to it, as the page shows them.
#[derive(Default)]
pub(super) struct Exchange {
    pub(super) line: usize,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    pub(super) status: u16,
    pub(super) answer_headers: Vec<(String, String)>,
    pub(super) answer: Option<String>,
}

/// The steps of a page, from top to bottom.
pub(super) fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line == "```http" {
            let block = lines.by_ref().map(|(_, line)| line);
            let block: Vec<&str> = block.take_while(|line| *line != "```").collect();
            steps.push(Step::Exchange(exchange(number + 1, &block)));
        } else if let Some(minutes) = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" minutes later -->"))
        {
            steps.push(Step::Wait(minutes.parse().unwrap()));
        }
    }
    steps
}

fn exchange(line: usize, block: &[&str]) -> Exchange {
    let middle = block.iter().position(|line| line.starts_with("HTTP/1.1 "));
    let middle = middle.unwrap_or_else(|| panic!("line {line}: an answer is missing"));
    let (request, answer) = block.split_at(middle);
    let (method, path) = request[0].split_once(' ').unwrap();
    let (headers, body) = message(&request[1..]);
    let (answer_headers, told) = message(&answer[1..]);
    let status = answer[0].split(' ').nth(1).unwrap();
    Exchange {
        line,
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
        status: status.parse().unwrap(),
        answer_headers,
        answer: told,
    }
}

/// Headers, and a body after an empty line.
fn message(lines: &[&str]) -> (Vec<(String, String)>, Option<String>) {
    let end = lines.iter().position(|line| line.is_empty());
    let (headers, body) = lines.split_at(end.unwrap_or(lines.len()));
    let headers = headers.iter().map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    });
    let body = body.join("\n").trim().to_owned();
    (
        headers.collect(),
        Some(body).filter(|body| !body.is_empty()),
    )
}
