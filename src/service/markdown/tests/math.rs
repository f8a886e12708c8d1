use proptest::prelude::*;
use proptest::sample::select;

use super::inspector::{Links, objection};
use crate::service::markdown::{excerpt, render};

const PIECES: &[&str] = &[
    "\\frac",
    "{",
    "}",
    "a",
    "1",
    "12",
    "+",
    "^",
    "_",
    "\\sqrt",
    "[3]",
    "\\left(",
    "\\right)",
    "\\left.",
    "\\middle|",
    "\\begin{matrix}",
    "\\end{matrix}",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{array}{c|c}",
    "\\end{array}",
    "\\begin{align}",
    "\\end{align}",
    "&",
    "\\\\",
    "\\\\[3em]",
    "\\hline",
    "\\sum",
    "\\limits",
    "\\int",
    "\\text{",
    "\\operatorname{",
    "\\operatorname*{",
    "<",
    ">",
    "\"",
    "'",
    "''",
    "\\alpha",
    "\\mathbb{R}",
    "\\hat",
    "\\overline",
    "\\underbrace",
    "\\color{red}",
    "\\colorbox{red}{",
    "\\fcolorbox{red}{blue}{",
    "\\not",
    "\\!",
    "\\,",
    "\\quad",
    "\\hspace{3em}",
    "\\kern",
    "9999em",
    "-",
    ".",
    "\\big(",
    "\\Bigg|",
    "\\phantom",
    "\\binom",
    "\\genfrac",
    "\\stackrel",
    "\\overset",
    "\\bmod",
    "\\pmod",
    "\\mathrm",
    "\\bf",
    "\\displaystyle",
    "\\scriptscriptstyle",
    "é",
    "😀",
    "\u{301}",
    "#",
    "%",
    "~",
    "\\",
    "\\char",
    "\\relax",
    "`",
    "|",
    "\\|",
    "\\{",
    "\\substack{",
    "\\xrightarrow",
    "\\cancel",
    "\n",
    " ",
];

// M32
#[test]
fn a_formula_is_set_as_one() {
    assert_eq!(
        render("so $a^2 < \\frac{1}{x}$."),
        "<p>so <math display=\"inline\"><msup><mi>a</mi><mn>2</mn></msup><mo>&lt;</mo>\
         <mfrac><mrow><mn>1</mn></mrow><mrow><mi>x</mi></mrow></mfrac></math>.</p>\n"
    );
    let alone = render("$$\\sum_{i=1}^n i$$");
    assert!(alone.starts_with("<p><math display=\"block\"><munderover><mo"), "{alone}");
    let fenced = render("```math\n\\sqrt{x}\n```");
    assert_eq!(fenced, "<p><math display=\"block\"><msqrt><mrow><mi>x</mi></mrow></msqrt></math></p>\n");
    assert_eq!(excerpt("so $a^2$", 80), "so a^2");
}

// M32
#[test]
fn prices_and_variables_of_a_shell_are_no_formulas() {
    for words in [
        "it costs $5 and $10",
        "from $5/$6",
        "PATH=$HOME/bin:$PATH now",
        "US$5 or A$7",
        "$",
        "$$",
        "a $ b $ c",
        "echo $HOME, $USER!",
    ] {
        assert_eq!(render(words), format!("<p>{words}</p>\n"));
    }
}

// M32
#[test]
fn what_is_no_formula_is_shown_as_it_was_typed() {
    assert_eq!(render("$\\frac{1}$"), "<p><code>\\frac{1}</code></p>\n");
    assert_eq!(render("```math\n\\nonsense\n```"), "<pre><code class=\"language-math\">\\nonsense\n</code></pre>\n");
    for bomb in ["\\def\\a{\\a\\a}\\a", "\\newcommand{\\a}{xx}\\a", "\\let\\a=b\\a"] {
        assert_eq!(render(&format!("$${bomb}$$")), format!("<p><code>{bomb}</code></p>\n"));
    }
    let deep = format!("{}x{}", "\\sqrt{".repeat(100), "}".repeat(100));
    assert_eq!(render(&format!("$${deep}$$")), format!("<p><code>{deep}</code></p>\n"));
    let long = "x".repeat(1_001);
    assert_eq!(render(&format!("$${long}$$")), format!("<p><code>{long}</code></p>\n"));
}

// M32
#[test]
fn a_formula_brings_in_no_element_and_no_style() {
    for attack in [
        "\\text{<img src=x onerror=alert(1)>}",
        "\\operatorname{<img src=x onerror=alert(1)>}",
        "\\operatorname{</math><script>alert(1)</script>}",
        "\\color{red}x",
        "\\href{javascript:alert(1)}{x}",
        "\\style{position:fixed}{x}",
        "\\class{modal}{x}",
        "\\hspace{-9999em}x",
        "\\text{</mtext></math><style>*{}</style>}",
    ] {
        for source in [format!("$${attack}$$"), format!("```math\n{attack}\n```"), format!("a ${attack}$ b")] {
            assert_eq!(objection(&render(&source), Links::Ours), None, "{source}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    // M32
    #[test]
    fn no_formula_is_a_hole(pieces in prop::collection::vec(select(PIECES), 0..24)) {
        let formula = pieces.concat();
        for source in [format!("$${formula}$$"), format!("~~~math\n{formula}\n~~~")] {
            let html = render(&source);
            prop_assert_eq!(objection(&html, Links::Ours), None, "{}", source);
            prop_assert!(html.len() <= 60 * source.len().max(20), "{} became {} bytes", source, html.len());
        }
    }
}
