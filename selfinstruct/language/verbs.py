"""Verbs that tasks begin with, used only for figures; other tasks count as having no verb."""


def words(text: str) -> frozenset[str]:
    """Return the words of a whitespace-separated list."""
    return frozenset(text.split())


ENGLISH_VERBS = words(
    """
    act adapt add adjust advise allocate analyse analyze annotate announce answer apply argue arrange articulate assemble assess assign
    balance boil brainstorm break budget build calculate capitalize caption cast categorise categorize change characterise characterize
    chart check choose cite clarify classify clean code coin collect combine comment compare compile complete compose compress compute
    condense conclude conduct conjugate connect consider construct consult continue contrast convert convey convince copy correct count
    craft create criticize critique debate debug decide decode decompose deduce defend define deliver demonstrate depict derive describe
    design detail detect determine develop devise diagnose differentiate discover discuss distil distill distinguish divide document draft
    dramatize draw edit elaborate eliminate emphasize encode enhance enumerate estimate evaluate examine expand explain explore express
    extend extract factor figure fill filter find finish fix flag form formalize format formulate gather generate give group guess guide
    help highlight hypothesize identify illustrate imagine implement improve incorporate infer insert inspect integrate interpret introduce
    invent investigate judge justify label lay lead list locate make map mark match mention merge minimize modernize modify name narrate
    negotiate note offer omit optimise optimize order organise organize outline paint pair paraphrase parse perform persuade pick pinpoint
    pitch place plan play plot polish portray practice predict prepare present pretend prioritise prioritize produce prompt proofread
    propose prove provide pull punctuate put question quote rank rate read rearrange reason recap recite recommend reconstruct record
    recount reduce refactor reflect reformat reframe refute relate remove rename render reorder reorganize repair rephrase replace reply
    report represent research resolve respond restate restructure retell reverse review revise reword rewrite rhyme role-play round route
    say schedule score script search select separate sequence set settle share shorten show simplify simulate sketch soften solve sort
    specify speculate spell split spot state story structure study subtract suggest sum summarise summarize support synthesize tabulate tag
    take teach tell test think tighten trace track transcribe transform translate trim turn uncover underline understand unscramble update
    use validate verify visualize vote walk weigh work write
    """
)

CHINESE_VERBS = words(
    """
    安排 安抚 辨别 辨析 辩论 比较 编 编写 编造 标出 标注 标记 补全 补充 猜 猜测 采访 策划 查 查找 阐释 阐述 阐明 澄清 创作 创建 凑 代入 代写
    打分 倒排 点评 调试 调整 定 定义 断句 对比 对照 对 夺 读 分辨 分类 分配 分析 分享 分组 仿写 仿照 反驳 翻译 赋诗 改 改编 改成 改正 改写
    概括 概述 更正 鉴别 归纳 归类 归并 规划 估计 估算 判断 判定 回答 回复 回应 回顾 汇总 绘制 画 计算 记录 加工 假设 检查 检验 简化 简述 建议
    讲 讲讲 讲解 讲清 讲述 讲一讲 交代 解 解答 解方程 解读 解释 解析 介绍 计划 校对 校验 揪出 纠正 举 举例 举出 精简 决定 开列 考虑 扩写 拆
    拆分 拆解 劝 列 列出 列举 论述 论证 描绘 描述 描写 模仿 模拟 拟 拟定 拟写 默写 拿 排 排出 排查 排列 排序 排版 评 评估 评价 评判 评析 起
    起草 起名 区分 取 取名 权衡 求 求出 求解 劝说 润色 设计 设想 识别 实现 试写 赏析 审查 审核 梳理 数 数出 刷新 说 说出 说服 说明 说说 说一说
    思考 算 算出 缩写 谈 谈谈 谈一谈 探讨 讨论 提出 提供 提炼 提取 填 填补 填出 填上 填写 挑 挑出 挑选 统计 推测 推断 推荐 推介 推理 推导 推算
    完成 完善 为难 想 想出 想象 想想 写 写出 写成 写下 修改 修正 虚构 续写 选 选出 选择 压缩 验证 扮演 化身 译 译成 译出 译为 移植 议 优化 预测
    预算 阅读 造句 造 找 找出 摘录 摘出 展开 展示 整理 证明 指出 制定 制作 制订 重构 重写 转换 转写 转述 转成 撰写 追溯 总结 组织 组成 作 作答
    做 叙述 详述 给出 列明 判 校 补 倡议 构思 编出 润饰 打 断 配 起出 出题 解密 编码 对出 接龙 接 写好 归因 拼 拼写 誊 推敲 讲评 命名 命题 化简 配平
    """
)
