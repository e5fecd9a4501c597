"""What both computations need to know of the dataset; no computing."""

ALL = "claude_3_5_sonnet claude_3_7_sonnet claude_opus_3 claude_opus_4 claude_sonnet_4 gemini_2_5_pro gpt_4_1 gpt_4_1_mini gpt_4o grok_4 o3 o4_mini".split()
OPENAI = "gpt_4_1 gpt_4_1_mini gpt_4o o3 o4_mini".split()
PROVIDERS = {
    "anthropic": [m for m in ALL if m.startswith("claude")],
    "openai": OPENAI,
    "google": ["gemini_2_5_pro"],
    "xai": ["grok_4"],
}
SPLITS = {  # files, and the models over which disagreement is taken
    "all_models": ("data/all_models-*.parquet", ALL),
    "claude_models": ("data/claude_models-*.parquet", PROVIDERS["anthropic"]),
    "openai_models": ("data/openai_models-*.parquet", OPENAI),
    "gpt41_vs_mini": ("data/gpt41_vs_mini-*.parquet", ["gpt_4_1", "gpt_4_1_mini"]),
    "o3_vs_o4mini": ("data/o3_vs_o4mini-*.parquet", ["o3", "o4_mini"]),
    "opus4_vs_sonnet4": ("data/opus4_vs_sonnet4-*.parquet", ["claude_opus_4", "claude_sonnet_4"]),
    "complete": ("complete/*.parquet", ALL),
}
FAR = 4  # score difference that counts as significant (section 3.3)
MOST = 9  # of the other eleven models
FAVOUR = 5  # lowest score that favours a value
BINS = ["0.0-1.0", "1.0-1.5", "1.5-2.0", "2.0-2.5", "2.5-3.0"]  # of disagreement over the OpenAI models (Figure 2)
TABLE2 = {"random": "complete", "all_models": "all_models", "openai_models": "openai_models"}  # columns, and their splits
