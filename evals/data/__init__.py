"""Reading the datasets. Public ones come from the folder that ``ASSISTANT_EVAL_DATA`` names; own ones ship."""
