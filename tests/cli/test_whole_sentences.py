"""A message that is put together of several texts is Chinese from its beginning to its end, and what it quotes is as it was."""

import pytest

from selfinstruct.system.chinese import translator

SAYINGS = [
    (
        "12 replies paid for, of which the journal lacks 1, 1,234 + 5,678 tokens, at most 900 more in 3 replies without `usage`, at most $0.02; 1 send uncertain, cost unknown",
        "已付费 12 个回复，其中 1 个日志里已经没有，1,234 + 5,678 个 token，另有 3 个回复不带 `usage`，最多再算 900 个，最多 $0.02；存疑 1 次发送，费用未知",
    ),
    (
        "run/journal: lacks 1 reply of those that the dataset was made of; put its files back from a copy, or `selfinstruct generate` asks again for what the dataset lacks without them",
        "run/journal：数据集用到的回复里缺 1 个回复；请从备份恢复日志文件，否则 `selfinstruct generate` 会把数据集因此缺的再问一遍",
    ),
    (
        "Next: take back what was changed of [generate] recipe, and `selfinstruct generate` goes on; or begin a new run with --fresh",
        "下一步：把 [generate] recipe 改回去，`selfinstruct generate` 接着做；或用 --fresh 另起一次运行",
    ),
    (
        'https://x/v1 does not serve the model m (status 404). It says: "No such model. Ask another.". Set [teacher] model to one that it serves',
        'https://x/v1 没有模型 m（状态码 404）。原话："No such model. Ask another."。请把 [teacher] model 改成它有的',
    ),
    (
        "run: another selfinstruct process writes this run (process 12 on vm); wait for it, end it, or choose another --run",
        "run：另一个 selfinstruct 进程正在写这次运行（vm 上的进程 12）；请等它结束，或结束它，或用 --run 换一个目录",
    ),
    ("2 in flight · cost unknown · 4 s left", "在途 2 · 费用未知 · 还需 4 秒"),
    ("3 in flight · 120 tokens · 2 min left", "在途 3 · 120 个 token · 还需 2 分钟"),
    (
        "run: cap: the cap of 9 candidates is reached; raise --max-candidates to go on",
        "run：到达上限：已到 9 个候选的上限；调高 --max-candidates 才会接着跑",
    ),
    ("  attempt 1: answered (status 200), $0.02", "  第 1 次：已回复（状态码 200），$0.02"),
    ("en 2 of 4, 2 missing", "en 2/4，还缺 2"),
    (
        "run: stopped: http://x/v1: status 500, boom; no proper answer for 2 s ([limits] max_outage_s). Later, run the same command again to go on",
        "run：停下了：http://x/v1：状态码 500, boom；2 秒没有正常应答（[limits] max_outage_s）。稍后再跑一遍同一条命令就接着做",
    ),
    ("run: interrupted", "run：已中断"),
    (
        "run: target reached; 2 rows removed by hand",
        "run：已达到目标；手工删除 2 行",
    ),
    (
        "--view 'foo': is no view; known: alpaca, thoughts, think",
        "--view 'foo'：没有这种视图；可用：alpaca, thoughts, think",
    ),
    ("x.jsonl:9: no JSON; markers stand on lines 9, 11, 13", "x.jsonl:9：no JSON；标记在第 9、11、13 行"),
    (
        (
            "d/en.jsonl:9: `<<<<<<< HEAD` is a conflict marker: a git merge was left unfinished here; keep one line for each `id`, and delete every line of "
            "<<<<<<<, ======= and >>>>>>>; markers stand on lines 9, 11, 13, and in other files: d/zh.jsonl:3, provenance.jsonl:22"
        ),
        (
            "d/en.jsonl:9：`<<<<<<< HEAD` 是冲突标记：这里的 git 合并没有做完；每个 `id` 只留一行，并删掉每一行 <<<<<<<、=======、>>>>>>>；"
            "标记在第 9、11、13 行，其他文件里也有：d/zh.jsonl:3, provenance.jsonl:22"
        ),
    ),
    (
        "run/dataset: rows edited by hand: 1, removed by hand: 1; recorded in review.jsonl, and applied from now on",
        "run/dataset：手工修改 1 行，手工删除 1 行；已记入 review.jsonl，从现在起生效",
    ),
    (
        "run/dataset: rows added by hand taken out again: 2 (ab, cd), edited by hand: 3; recorded in review.jsonl, and applied from now on",
        "run/dataset：手工添加后又拿掉 2 行（ab, cd），手工修改 3 行；已记入 review.jsonl，从现在起生效",
    ),
    (
        (
            "old: what was changed by hand stays there, and the new run begins without it: rows added: 4, edited: 6; files changed and not recorded yet: "
            "dataset/en.jsonl, dataset/zh.jsonl. To take the decisions over, run `selfinstruct filter --run old`, copy old/review.jsonl into the new run "
            "and run `selfinstruct filter`"
        ),
        (
            "old：手工改动留在那里，新的运行里没有：新增 4 行，修改 6 行；改过、但还没记下的文件：dataset/en.jsonl、dataset/zh.jsonl。"
            "想把决定带过来：先跑 `selfinstruct filter --run old`，把 old/review.jsonl 拷进新的运行，再跑 `selfinstruct filter`"
        ),
    ),
    ("failed: removed>1% (is 1.681%)", "未通过：removed>1%（实际 1.681%）"),
    ("failed: removed.zh > 1% (is 5.5%), leaks>0 (is 3)", "未通过：removed.zh > 1%（实际 5.5%），leaks>0（实际 3）"),
    ("Next: something unheard of", "下一步：something unheard of"),
    (
        "run: was made with --budget-usd 1, which holds for this run; the configuration has no [limits] budget_usd",
        "run：开始时是 --budget-usd 1，这次运行沿用；配置里 [limits] budget_usd 没写",
    ),
    ("Teacher: m-1 at teacher.example", "教师：m-1（teacher.example）"),
    ('says "salt and pepper"', "说了“salt and pepper”"),
    ("ends in no such file", "停在“no such file”"),
    ("contains identity card 1101**", "含身份证号 1101**"),
    ("contains &lt; and more", "含“&lt; and more”"),
]


@pytest.mark.parametrize(("english", "chinese"), SAYINGS, ids=[english[:40] for english, _ in SAYINGS])
def test_a_message_of_several_texts_is_chinese_to_its_end(english: str, chinese: str) -> None:
    assert translator().message(english) == chinese
