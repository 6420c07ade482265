from refctl.tools.act import Said, understand


def test_acts_lines_are_understood_and_others_are_kept() -> None:
    raw = '{"job": "t/a", "msg": "hello\\n", "raw_output": true, "level": "info"}'
    end = '{"job": "t/a", "msg": "Job failed", "jobResult": "failure", "level": "info"}'
    assert understand(raw) == Said("hello", "t/a", raw=True)
    assert understand(end) == Said("Job failed", "t/a", result="failure")
    assert understand("Error: no such file") == Said("Error: no such file")
    assert understand("3") == Said("3")
