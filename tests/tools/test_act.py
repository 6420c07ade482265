from refctl.tools.act import Said, understand


def test_acts_lines_are_understood_and_others_are_kept() -> None:
    raw = '{"job": "t/a", "msg": "hello\\n", "raw_output": true, "level": "info"}'
    end = '{"job": "t/a", "msg": "Job failed", "jobResult": "failure", "level": "info"}'
    assert understand(raw) == Said("hello", "t/a", raw=True)
    assert understand(end) == Said("Job failed", "t/a", result="failure")
    said = "Skipping unsupported platform -- Try running with `-P windows-latest=...`"
    assert understand(f'{{"job": "t/w", "msg": "{said}"}}') == Said(said, "t/w", result="skipped")
    printed = f'{{"job": "t/a", "msg": "{said}", "raw_output": true}}'
    assert understand(printed) == Said(said, "t/a", raw=True)
    assert understand("Error: no such file") == Said("Error: no such file")
    assert understand("3") == Said("3")
